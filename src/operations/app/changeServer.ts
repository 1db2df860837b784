import type { AgentCall, CheckReport } from "../../remote/AgentCall.ts";
import { callAgent } from "../../remote/callAgent.ts";
import type { OperationContext } from "../OperationContext.ts";
import type { ReachedStack } from "../reachStack.ts";
import type { ReleaseSummary } from "./appStatus.ts";
import { hearAgent } from "./hearAgent.ts";
import { readAgent } from "./readAgent.ts";

/** What the agent answers to a change of what serves. */
export interface ServerChange {
  /** False where the same content served already, and worked. */
  changed: boolean;
  release: ReleaseSummary;
  /** The release before; null where there was none. */
  previous: string | null;
  checks: CheckReport[];
}

/** Lets the agent change what serves, with its lock, its lease and our name. */
export async function changeServer<Answer = ServerChange>(
  { stack, target }: Pick<ReachedStack, "stack" | "target">,
  request: AgentCall["request"],
  body: AsyncIterable<Uint8Array> | undefined,
  context: OperationContext,
): Promise<Answer> {
  const { ports, waitMs = 0, interrupt } = context;
  const { user, hostname: host } = ports.machine;
  return callAgent<Answer>(
    {
      target,
      stack: stack.name,
      agent: await readAgent(context),
      request: { ...request, holder: { user, host }, wait: Math.ceil(waitMs / 1000) },
      ...(body === undefined ? {} : { body }),
      lease: true,
      interrupt,
      hear: hearAgent(ports),
    },
    ports,
  );
}
