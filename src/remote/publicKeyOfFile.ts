import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import { derivePublicKey } from "./generateKeyPair.ts";
import { readPublicKey } from "./readPublicKey.ts";

/**
 * The public key that belongs to SSH_PRIVATE_KEY_FILE: what stands beside it, else what can be derived, else `expected`
 * on trust, since a passphrase may be in the way. Throws AppError `ssh.privateKeyFile`.
 */
export async function publicKeyOfFile(
  path: string,
  expected: string | undefined,
  ports: Pick<Ports, "files" | "processes">,
): Promise<string> {
  if (!(await ports.files.exists(path))) throw fault(`${path} does not exist`, "correct the path, or leave it out");
  const beside = await readPublicKey(path.endsWith(".pub") ? path : `${path}.pub`, ports.files);
  return beside ?? expected ?? (await derivePublicKey(path, ports)).trim();
}

function fault(message: string, hint: string): AppError {
  return new AppError("ssh.privateKeyFile", `SSH_PRIVATE_KEY_FILE: ${message}`, {
    hint,
    exit: exitCodes.usage,
    problems: [{ key: "SSH_PRIVATE_KEY_FILE", message, hint }],
  });
}
