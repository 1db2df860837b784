import type { Files } from "../ports/Files.ts";
import { hostKeyAlias } from "../remote/hostKeyAlias.ts";
import { writeKnownHosts } from "../remote/writeKnownHosts.ts";
import type { LoadedStack } from "./loadStack.ts";
import { loginOf } from "./loginOf.ts";

/**
 * Writes the stack's known_hosts: the machine's own key where its module names one, those of a machine that was taken
 * over, else the key that it was given.
 */
export async function trustMachine(
  { stack, paths }: Pick<LoadedStack, "stack" | "paths">,
  outputs: Readonly<Record<string, unknown>>,
  files: Files,
): Promise<void> {
  const keys =
    loginOf(outputs).hostKey ?? (await files.read(paths.adoptedHostKeys)) ?? (await files.read(paths.hostKeyPublic));
  if (keys !== undefined) await writeKnownHosts(paths.knownHosts, hostKeyAlias(stack), keys, files);
}
