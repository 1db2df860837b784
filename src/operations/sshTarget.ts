import { hostKeyAlias } from "../remote/hostKeyAlias.ts";
import type { SshTarget } from "../remote/SshTarget.ts";
import { sshCommandLine } from "../remote/sshCommandLine.ts";
import type { OpenStack } from "./openStack.ts";

/** The user that the standard user data makes on every machine. */
const user = "torrust";

/** How to log in to a stack's machine. */
export function sshTarget(
  { stack, paths, sshKey }: Pick<OpenStack, "stack" | "paths" | "sshKey">,
  address: string,
): SshTarget & { commandLine: string } {
  const target: SshTarget = {
    address,
    user,
    alias: hostKeyAlias(stack),
    knownHosts: paths.knownHosts,
    ...(sshKey.identityFile === undefined ? {} : { identityFile: sshKey.identityFile }),
  };
  return { ...target, commandLine: sshCommandLine(target) };
}
