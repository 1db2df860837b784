import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import { parsePublicKey } from "./parsePublicKey.ts";

export interface KeyPair {
  privateKeyFile: string;
  publicKey: string;
}

/**
 * The Ed25519 key pair at `path` and `path.pub`, made where there is none: no passphrase, 0600.
 * What is there already is never replaced. Throws AppError `ssh.keygen`.
 */
export async function generateKeyPair(
  path: string,
  comment: string,
  ports: Pick<Ports, "files" | "processes">,
): Promise<KeyPair> {
  const { files } = ports;
  if (!(await files.exists(path))) await make(path, comment, ports);
  let text = await files.read(`${path}.pub`);
  if (text === undefined) {
    text = await derivePublicKey(path, ports);
    await files.write(`${path}.pub`, text);
  }
  return { privateKeyFile: path, publicKey: parsePublicKey(text, { where: `${path}.pub` }) };
}

/** The public half of a private key without a passphrase. */
export async function derivePublicKey(path: string, ports: Pick<Ports, "processes">): Promise<string> {
  return (await keygen(["-y", "-P", "", "-f", path], path, ports)).stdout;
}

/** The private key gets its name last: where it exists, the pair is complete. */
async function make(path: string, comment: string, ports: Pick<Ports, "files" | "processes">): Promise<void> {
  const { files } = ports;
  const draft = `${path}.new`;
  await files.remove(draft);
  await files.remove(`${draft}.pub`);
  await keygen(["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", draft], path, ports);
  await files.chmod(draft, 0o600);
  await files.rename(`${draft}.pub`, `${path}.pub`);
  await files.rename(draft, path);
}

async function keygen(options: readonly string[], path: string, { processes }: Pick<Ports, "processes">) {
  const outcome = await processes.run({ program: "ssh-keygen", arguments: options });
  if (outcome.status === 0) return outcome;
  if (outcome.status === 127) {
    throw new AppError("ssh.keygen", "ssh-keygen is not installed", {
      hint: "install the OpenSSH client: sudo apt-get install openssh-client",
      exit: exitCodes.prerequisites,
    });
  }
  const why = outcome.stderr.trim().split("\n").at(-1) ?? "";
  throw new AppError("ssh.keygen", `ssh-keygen could not make or read the key ${path}: ${why}`, {
    hint: "check that the directory can be written and that the key has no passphrase, then run the same command again",
  });
}
