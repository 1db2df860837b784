import { hostKeyAlias } from "../remote/hostKeyAlias.ts";
import type { SshTarget } from "../remote/SshTarget.ts";
import { sshCommandLine } from "../remote/sshCommandLine.ts";
import { loginOf } from "./loginOf.ts";
import type { OpenStack } from "./openStack.ts";

/** The user that the standard user data makes on every machine. */
const user = "torrust";

/** How to log in to a stack's machine, which has these outputs. */
export function sshTarget(
  { stack, paths, sshKey }: Pick<OpenStack, "stack" | "paths" | "sshKey">,
  address: string,
  outputs: Readonly<Record<string, unknown>>,
): SshTarget & { commandLine: string } {
  const { port } = loginOf(outputs);
  const target: SshTarget = {
    address,
    ...(port === undefined ? {} : { port }),
    user,
    alias: hostKeyAlias(stack),
    knownHosts: paths.knownHosts,
    ...(sshKey.identityFile === undefined ? {} : { identityFile: sshKey.identityFile }),
  };
  return { ...target, commandLine: sshCommandLine(target) };
}
