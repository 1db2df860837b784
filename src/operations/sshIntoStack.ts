import { sshArguments } from "../remote/sshArguments.ts";
import type { OperationContext } from "./OperationContext.ts";
import { reachMachine } from "./reachStack.ts";

export interface SshResult {
  stack: string;
  /** Exit status of ssh: the command's own, or 255 where ssh itself failed. */
  status: number;
  stdout?: string;
  stderr?: string;
}

/** Logs in, or runs one command; with `capture` the command's output is part of the result. */
export async function sshIntoStack(
  options: { selector: string; command: readonly string[]; capture: boolean },
  context: OperationContext,
): Promise<SshResult> {
  const { ports } = context;
  const { stack, target } = await reachMachine(options.selector, context);
  const command = { program: "ssh", arguments: sshArguments(target, options.command) };
  if (!options.capture || options.command.length === 0) {
    return { stack: stack.name, status: await ports.processes.interactive(command) };
  }
  const outcome = await ports.processes.run(command);
  return { stack: stack.name, status: outcome.status ?? 255, stdout: outcome.stdout, stderr: outcome.stderr };
}
