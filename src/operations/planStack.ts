import { resolve } from "node:path";
import type { PlanSummary } from "../events/Event.ts";
import { openStack } from "./openStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { planOpenStack } from "./planOpenStack.ts";
import { readyStack } from "./readyStack.ts";
import { savePlan } from "./savePlan.ts";
import type { StackOptions } from "./StackOptions.ts";
import { withRun } from "./withRun.ts";

export interface PlanOptions extends StackOptions {
  /** A file for `apply PLAN`; nothing is written where nothing changes. */
  out?: string | undefined;
}

export interface PlanResult {
  stack: string;
  changes: boolean;
  summary: PlanSummary;
  /** Where it was saved. */
  out?: string;
  /** RFC 3339; it cannot be applied from then on. */
  expires?: string;
}

/** Says what apply would do. Prepares this computer where needed, changes nothing of the stack. */
export async function planStack(options: PlanOptions, context: OperationContext): Promise<PlanResult> {
  const ready = await readyStack({ ...options, persist: true, forService: true }, context);
  return withRun(ready.loaded, "plan", context, async (run) => {
    const open = await openStack(ready, run);
    const plan = await planOpenStack(open, {}, run);
    const { changes, summary } = plan;
    const out = changes && options.out !== undefined ? resolve(options.out) : undefined;
    const saved = out === undefined ? undefined : await savePlan(open, summary, out, run);
    await run.ports.files.remove(open.paths.plan);
    return {
      stack: open.stack.name,
      changes,
      summary,
      ...(out === undefined || saved === undefined ? {} : { out, expires: saved.expires }),
    };
  });
}
