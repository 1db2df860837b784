import type { Files } from "../ports/Files.ts";

/** Makes `path` the known_hosts file of one machine: its key, known as `alias`, and nothing else. */
export async function writeKnownHosts(path: string, alias: string, publicKey: string, files: Files): Promise<void> {
  const [type, material] = publicKey.trim().split(/\s+/);
  const content = `${alias} ${type} ${material}\n`;
  if ((await files.read(path)) !== content) await files.write(path, content);
}
