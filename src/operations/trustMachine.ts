import type { Files } from "../ports/Files.ts";
import { hostKeyAlias } from "../remote/hostKeyAlias.ts";
import { writeKnownHosts } from "../remote/writeKnownHosts.ts";
import type { LoadedStack } from "./loadStack.ts";
import { loginOf } from "./loginOf.ts";
import type { OpenStack } from "./openStack.ts";

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

type Opened = Pick<OpenStack, "paths" | "wrapper">;

/**
 * Before an apply that makes a machine: the host keys of one that was taken over stay, beside that of its successor, for
 * whatever stops the apply leaves one of the two.
 */
export async function trustNextMachine({ paths, wrapper }: Opened, files: Files): Promise<void> {
  // Its module boots it in its own way, so nobody knows which host key it makes.
  if (wrapper?.takesUserData === false) return files.write(paths.adoptedHostKeys, "");
  const former = await files.read(paths.adoptedHostKeys);
  const own = (await files.read(paths.hostKeyPublic))?.trim() ?? "";
  if (former === undefined || former.includes(own)) return;
  await files.write(paths.adoptedHostKeys, `${former.trimEnd()}\n${own}\n`.trimStart());
}

/** After it: the machine has the host key that was made for the stack. */
export async function forgetFormerMachine({ paths, wrapper }: Opened, files: Files): Promise<void> {
  if (wrapper?.takesUserData !== false) await files.remove(paths.adoptedHostKeys);
}
