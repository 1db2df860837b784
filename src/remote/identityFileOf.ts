import { join } from "node:path";
import type { Files } from "../ports/Files.ts";
import { publicKeyFiles } from "./findSshPublicKey.ts";
import { isSameKey } from "./parsePublicKey.ts";

/**
 * The file to give to ssh for a public key: the private key beside a `.pub` that holds it, else that `.pub` itself, for
 * which the agent may have the private one. `own` are private keys that are looked at before those of the user.
 */
export async function identityFileOf(
  publicKey: string,
  own: readonly string[],
  home: string,
  files: Files,
): Promise<string | undefined> {
  const directory = join(home, ".ssh");
  const others = ((await files.list(directory)) ?? []).filter((name) => name.endsWith(".pub"));
  const candidates = [
    ...own.map((path) => `${path}.pub`),
    ...[...publicKeyFiles, ...others].map((name) => join(directory, name)),
  ];
  for (const path of candidates) {
    const text = await files.read(path);
    if (text === undefined || !isSameKey(text, publicKey)) continue;
    const privateKey = path.slice(0, -".pub".length);
    return (await files.exists(privateKey)) ? privateKey : path;
  }
  return undefined;
}
