import type { OperationContext } from "../OperationContext.ts";
import { isOn } from "../isOn.ts";
import { reachStack } from "../reachStack.ts";
import { withRun } from "../withRun.ts";
import { changeServer, type ServerChange } from "./changeServer.ts";

export interface RollbackResult extends ServerChange {
  stack: string;
  run: string;
}

/** Lets an earlier release serve again: the one before, or the one that is named. */
export async function appRollback(
  options: { selector: string; release: string | undefined },
  context: OperationContext,
): Promise<RollbackResult> {
  const reached = await reachStack(options.selector, context);
  const skipHealth = isOn(context.ports.machine.environment["SKIP_HEALTH_CHECK"]);
  return withRun(reached, "rollback", context, async (run) => {
    const request = { command: "rollback", release: options.release ?? null, skip_health: skipHealth };
    const change = await changeServer(reached, request, undefined, run);
    return { ...change, stack: reached.stack.name, run: run.run.id };
  });
}
