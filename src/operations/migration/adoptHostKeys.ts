import { join } from "node:path";
import { acceptedHostKey, knownHostKeys } from "../../remote/findHostKeys.ts";
import { hostKeyAlias } from "../../remote/hostKeyAlias.ts";
import { writeKnownHosts } from "../../remote/writeKnownHosts.ts";
import type { Stack } from "../../stacks/Stack.ts";
import { stackPaths } from "../../stacks/stackPaths.ts";
import { addressIn, readKnownStack } from "../knownStack.ts";
import type { OperationContext } from "../OperationContext.ts";

export interface HostKeys {
  stack: string;
  address: string | undefined;
  /** `unknown`: strict checking lets nobody in until a key is accepted. */
  origin: "known_hosts" | "accepted" | "unknown";
}

/** From now on the stack trusts the host key that the user trusted before, or accepts by its fingerprint; no other one. */
export async function adoptHostKeys(
  stack: Stack,
  fingerprint: string | undefined,
  { ports, workspace }: OperationContext,
): Promise<HostKeys> {
  const paths = stackPaths(workspace, stack);
  const address = addressIn((await readKnownStack(paths, ports.files))?.outputs ?? {});
  if (address === undefined) return { stack: stack.name, address, origin: "unknown" };
  const keys =
    fingerprint === undefined
      ? await knownHostKeys(address, join(ports.machine.home, ".ssh", "known_hosts"), ports)
      : await acceptedHostKey(address, fingerprint, ports);
  if (keys === "") return { stack: stack.name, address, origin: "unknown" };
  await ports.files.write(paths.adoptedHostKeys, keys);
  await writeKnownHosts(paths.knownHosts, hostKeyAlias(stack), keys, ports.files);
  return { stack: stack.name, address, origin: fingerprint === undefined ? "known_hosts" : "accepted" };
}
