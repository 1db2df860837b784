import { join } from "node:path";
import type { Files } from "../ports/Files.ts";
import { readPublicKey } from "./readPublicKey.ts";

/** The files that are looked at below `~/.ssh`, in this order. */
export const publicKeyFiles = ["torrust_rsa.pub", "id_rsa.pub", "id_ed25519.pub", "id_ecdsa.pub"] as const;

/** The first public key of the user that Landfall takes by itself. Throws AppError `ssh.publicKey` where a file holds none. */
export async function findSshPublicKey(
  home: string,
  files: Files,
): Promise<{ path: string; publicKey: string } | undefined> {
  for (const name of publicKeyFiles) {
    const path = join(home, ".ssh", name);
    const publicKey = await readPublicKey(path, files);
    if (publicKey !== undefined) return { path, publicKey };
  }
  return undefined;
}
