import type { PlanSummary } from "../events/Event.ts";
import { openStack } from "./openStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { planOpenStack } from "./planOpenStack.ts";
import { readyStack } from "./readyStack.ts";
import type { StackOptions } from "./StackOptions.ts";
import { withRun } from "./withRun.ts";

export interface PlanResult {
  stack: string;
  changes: boolean;
  summary: PlanSummary;
}

/** Says what apply would do. Prepares this computer where needed, changes nothing of the stack. */
export async function planStack(options: StackOptions, context: OperationContext): Promise<PlanResult> {
  const ready = await readyStack({ ...options, persist: true, forService: true }, context);
  return withRun(ready.loaded, "plan", context, async (run) => {
    const open = await openStack(ready, run);
    const plan = await planOpenStack(open, {}, run);
    await run.ports.files.remove(open.paths.plan);
    return { stack: open.stack.name, changes: plan.changes, summary: plan.summary };
  });
}
