import { checkOutside } from "../../application/checkOutside.ts";
import type { ReleaseCheck } from "../../application/Release.ts";
import type { CheckReport } from "../../remote/AgentCall.ts";
import { callAgent } from "../../remote/callAgent.ts";
import type { OperationContext } from "../OperationContext.ts";
import { reachStack } from "../reachStack.ts";
import type { ReleaseSummary } from "./appStatus.ts";
import { readAgent } from "./readAgent.ts";

export interface AppHealth {
  stack: string;
  release: ReleaseSummary;
  checks: CheckReport[];
  healthy: boolean;
}

/** Every check of the release that serves, on the server and from this computer. */
export async function appHealth(selector: string, context: OperationContext): Promise<AppHealth> {
  const { ports } = context;
  const { stack, target, address } = await reachStack(selector, context);
  const call = { target, stack: stack.name, agent: await readAgent(context), request: { command: "health" } };
  // What is asked from here comes from the server, with its values: the folder here may be another one by now.
  const answer = await callAgent<{ release: ReleaseSummary; checks: CheckReport[]; outside: ReleaseCheck[] }>(
    call,
    ports,
  );
  const outside = await Promise.all(answer.outside.map((check) => checkOutside(check, address, ports)));
  const checks = [...answer.checks, ...outside];
  const healthy = checks.every(({ outcome }) => outcome !== "bad");
  return { stack: stack.name, release: answer.release, checks, healthy };
}
