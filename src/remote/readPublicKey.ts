import type { Files } from "../ports/Files.ts";
import { parsePublicKey } from "./parsePublicKey.ts";

/** The public key in a file; undefined when there is no file. Throws AppError `ssh.publicKey`. */
export async function readPublicKey(path: string, files: Files): Promise<string | undefined> {
  const text = await files.read(path);
  return text === undefined ? undefined : parsePublicKey(text, { where: path });
}
