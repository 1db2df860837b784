import type { Files } from "../ports/Files.ts";

/** Makes `path` the known_hosts file of one machine: its keys, one a line, known as `alias`, and nothing else. */
export async function writeKnownHosts(path: string, alias: string, publicKeys: string, files: Files): Promise<void> {
  const lines = publicKeys.split("\n").filter((line) => line.trim() !== "");
  const content = lines.map((line) => `${alias} ${line.trim().split(/\s+/).slice(0, 2).join(" ")}\n`).join("");
  if ((await files.read(path)) !== content) await files.write(path, content);
}
