import { agentLine } from "../../remote/agentLine.ts";
import { sshArguments } from "../../remote/sshArguments.ts";
import type { OperationContext } from "../OperationContext.ts";
import { reachStack } from "../reachStack.ts";
import type { SshResult } from "../sshIntoStack.ts";

/** A command in the container of a service; its status is that of ssh, and so the command's own. */
export async function appExec(
  options: { selector: string; service: string; command: readonly string[]; capture: boolean },
  context: OperationContext,
): Promise<SshResult> {
  const { processes, terminal } = context.ports;
  const { stack, target } = await reachStack(options.selector, context);
  const line = agentLine(["exec", options.service, ...options.command]);
  const watched = terminal.interactive && !options.capture;
  const command = { program: "ssh", arguments: sshArguments(target, [line], { terminal: watched }) };
  if (!options.capture) return { stack: stack.name, status: await processes.interactive(command) };
  const outcome = await processes.run(command);
  return { stack: stack.name, status: outcome.status ?? 255, stdout: outcome.stdout, stderr: outcome.stderr };
}
