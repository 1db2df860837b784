import { hostKeyAlias } from "../remote/hostKeyAlias.ts";
import { writeKnownHosts } from "../remote/writeKnownHosts.ts";
import type { OpenStack } from "./openStack.ts";
import type { RunContext } from "./withRun.ts";

/** A new machine has the host key that was made for the stack, whatever its predecessor's was. */
export async function forgetAdoptedHostKeys(
  { stack, paths }: Pick<OpenStack, "stack" | "paths">,
  { ports: { files } }: RunContext,
): Promise<void> {
  if (!(await files.exists(paths.adoptedHostKeys))) return;
  const own = await files.read(paths.hostKeyPublic);
  if (own !== undefined) await writeKnownHosts(paths.knownHosts, hostKeyAlias(stack), own, files);
  await files.remove(paths.adoptedHostKeys);
}
