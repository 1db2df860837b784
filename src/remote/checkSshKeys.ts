import { join } from "node:path";
import type { Problem } from "../errors.ts";
import type { Ports } from "../ports/Ports.ts";
import { publicKeyFiles } from "./findSshPublicKey.ts";
import { isSameKey } from "./parsePublicKey.ts";
import { readKeyFile } from "./readKeyFile.ts";

export interface SshKeySettings {
  /** The text of SSH_PUBLIC_KEY, where it is set. */
  publicKey: string | undefined;
  /** SSH_PRIVATE_KEY_FILE as an absolute path, where it is set. */
  privateKeyFile: string | undefined;
  /** Whether a key must exist already: in a protected environment, before the machine is made. */
  needed: boolean;
}

/** What is wrong with the keys that a configuration names, or that it lacks; needs no passphrase and runs nothing. */
export async function checkSshKeys(
  { publicKey, privateKeyFile, needed }: SshKeySettings,
  { files, machine }: Pick<Ports, "files" | "machine">,
): Promise<Problem[]> {
  if (privateKeyFile !== undefined) return checkPrivateKey(privateKeyFile, publicKey, files);
  if (publicKey !== undefined || !needed) return [];
  const directory = join(machine.home, ".ssh");
  for (const name of publicKeyFiles) if (await files.exists(join(directory, name))) return [];
  return [
    {
      key: "SSH_PUBLIC_KEY",
      message: `SSH_PUBLIC_KEY is not set, ${directory} has none of ${publicKeyFiles.join(", ")}, and a protected environment gets no generated key`,
      hint: "make one with ssh-keygen -t ed25519, or write the text of your public key into SSH_PUBLIC_KEY",
    },
  ];
}

async function checkPrivateKey(path: string, publicKey: string | undefined, files: Ports["files"]): Promise<Problem[]> {
  const problem = (message: string, hint: string): Problem[] => [
    { key: "SSH_PRIVATE_KEY_FILE", message: `SSH_PRIVATE_KEY_FILE: ${message}`, hint },
  ];
  const real = await files.realPath(path).catch(() => undefined);
  const status = real === undefined ? undefined : await files.status(real);
  if (real === undefined || status === undefined) {
    return problem(`there is no file ${path}`, "correct the path, or leave it out: ssh finds the usual keys by itself");
  }
  if (status.kind !== "file")
    return problem(`${path} is a ${status.kind}, not a file`, "name the file of the private key");
  const text = await files.read(real).catch(() => undefined);
  if (text === undefined)
    return problem(`${path} cannot be read: permission denied`, `as its owner: chmod 600 ${path}`);
  const key = readKeyFile(text);
  if (key.kind === "public") {
    const hint = path.endsWith(".pub") ? `write ${path.replace(/\.pub$/, "")}` : "name the file of the private key";
    return problem(
      `${path} is a public key`,
      `${hint}; where only an agent has the private one, leave it out and set SSH_PUBLIC_KEY`,
    );
  }
  if (key.kind === "other")
    return problem(`${path} is no private key`, "name a file that ssh-keygen made, without .pub at the end");
  if ((status.mode & 0o077) !== 0) {
    return problem(`${path} is accessible to other users, and ssh refuses such a key`, `chmod 600 ${path}`);
  }
  const half = key.publicKey ?? (await files.read(`${path}.pub`).catch(() => undefined));
  if (publicKey === undefined || half === undefined || isSameKey(half, publicKey)) return [];
  return problem(
    `${path} does not belong to SSH_PUBLIC_KEY`,
    `write the content of ${path}.pub into SSH_PUBLIC_KEY, or leave one of the two out`,
  );
}
