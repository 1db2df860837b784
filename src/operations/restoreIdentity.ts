import type { Ports } from "../ports/Ports.ts";
import { recordedInput, type StateContent } from "../stacks/StateContent.ts";
import type { StackPaths } from "../stacks/stackPaths.ts";

/**
 * Writes the keys that a machine was made with where this clone has others or none: a machine that a colleague made, or
 * a stack directory that was lost. Other keys would mean another machine.
 */
export async function restoreIdentity(
  paths: StackPaths,
  state: StateContent | undefined,
  { files }: Pick<Ports, "files">,
): Promise<void> {
  const identity = recordedInput(state, "identity") as Record<string, string> | undefined;
  if (identity === undefined) return;
  const keys: [path: string, text: string | undefined][] = [
    [paths.authorizedKey, identity["ssh_public_key"]],
    // The private key last: where it exists, the pair is complete.
    [paths.hostKeyPublic, identity["ssh_host_public_key"]],
    [paths.hostKey, identity["ssh_host_private_key"]],
  ];
  for (const [path, text] of keys) {
    const content = text === undefined ? undefined : `${text.trimEnd()}\n`;
    if (content !== undefined && (await files.read(path)) !== content) await files.write(path, content);
  }
}
