import type { AgentEvent } from "../../remote/AgentCall.ts";
import { callAgent } from "../../remote/callAgent.ts";
import type { OperationContext } from "../OperationContext.ts";
import { reachStack } from "../reachStack.ts";
import { hearAgent } from "./hearAgent.ts";
import { readAgent } from "./readAgent.ts";

export interface LogsOptions {
  selector: string;
  /** Empty: all. */
  services: readonly string[];
  /** How many lines of each. */
  tail: number;
  /** As docker takes it: 10m, or a time. */
  since: string | undefined;
  /** Goes on until it is interrupted; lines are events then. */
  follow: boolean;
}

export interface AppLogs {
  stack: string;
  lines: { service: string; line: string }[];
}

/** What services wrote, without secrets. */
export async function appLogs(options: LogsOptions, context: OperationContext): Promise<AppLogs> {
  const { ports, interrupt } = context;
  const { services, tail, since, follow } = options;
  const { stack, target } = await reachStack(options.selector, context);
  const lines: AppLogs["lines"] = [];
  const collect = (event: AgentEvent): void => {
    if (event.event === "log") lines.push({ service: event.service, line: event.line });
  };
  const request = { command: "logs", services, tail, since: since ?? null, follow };
  const agent = await readAgent(context);
  const hear = follow ? hearAgent(ports) : collect;
  try {
    await callAgent({ target, stack: stack.name, agent, request, hear, lease: follow, interrupt }, ports);
  } catch (error) {
    if (!follow || !interrupt.aborted) throw error;
  }
  return { stack: stack.name, lines };
}
