import { createHash } from "node:crypto";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";

/** Keys that a known_hosts file holds for an address, hashed entries too: `TYPE MATERIAL`, one a line; empty: none. */
export async function knownHostKeys(
  address: string,
  knownHosts: string,
  { files, processes }: Pick<Ports, "files" | "processes">,
): Promise<string> {
  if (!(await files.exists(knownHosts))) return "";
  const { stdout } = await processes.run({ program: "ssh-keygen", arguments: ["-F", address, "-f", knownHosts] });
  // Lines with a marker are authorities or revoked keys.
  const lines = stdout.split("\n").filter((line) => line !== "" && !/^[#@]/.test(line));
  return keyLines(lines.map((line) => line.split(/\s+/).slice(1)));
}

/**
 * The key that a machine offers and that has this fingerprint, such as `SHA256:...`. Throws AppError `ssh.hostKey` where
 * it offers another.
 */
export async function acceptedHostKey(
  address: string,
  fingerprint: string,
  { processes }: Pick<Ports, "processes">,
): Promise<string> {
  const { stdout } = await processes.run({ program: "ssh-keyscan", arguments: ["-T", "10", "--", address] });
  const offered = stdout
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(/\s+/).slice(1));
  const accepted = offered.filter(([, material = ""]) => fingerprintOf(material) === fingerprint);
  if (accepted.length > 0) return keyLines(accepted);
  throw new AppError("ssh.hostKey", `no host key of ${address} has the fingerprint ${fingerprint}`, {
    hint:
      offered.length === 0
        ? "it does not answer on port 22: see whether the machine runs"
        : "compare with the machine's console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
    exit: exitCodes.refused,
    problems: offered.map(([type = "", material = ""]) => ({
      message: `it offers ${fingerprintOf(material)} (${type})`,
    })),
  });
}

function keyLines(keys: readonly (readonly string[])[]): string {
  return keys.map(([type = "", material = ""]) => `${type} ${material}\n`).join("");
}

function fingerprintOf(material: string): string {
  return `SHA256:${createHash("sha256").update(Buffer.from(material, "base64")).digest("base64").replace(/=+$/, "")}`;
}
