import type { PlanSummary } from "../events/Event.ts";
import { writeKnownStack } from "./knownStack.ts";
import { openStack } from "./openStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { planOpenStack } from "./planOpenStack.ts";
import type { StackOptions } from "./StackOptions.ts";
import { readOutputs } from "./readOutputs.ts";
import { readyStack } from "./readyStack.ts";
import { withRun } from "./withRun.ts";

export interface RefreshResult {
  stack: string;
  changed: boolean;
  summary: PlanSummary;
  outputs: Record<string, unknown>;
}

/** Brings the state up to date with what exists. Changes nothing that exists. */
export async function refreshStack(options: StackOptions, context: OperationContext): Promise<RefreshResult> {
  const ready = await readyStack({ ...options, persist: true }, context);
  return withRun(ready.loaded, "refresh", context, async (run) => {
    const open = await openStack(ready, run);
    const plan = await planOpenStack(open, { refreshOnly: true }, run);
    if (plan.changes) {
      await open.engine.apply(open.paths.plan);
      await run.ports.files.remove(open.paths.plan);
    }
    const outputs = await readOutputs(open);
    if (open.known !== undefined) await writeKnownStack(open.paths, { ...open.known, outputs }, run.ports.files);
    return { stack: open.stack.name, changed: plan.changes, summary: plan.summary, outputs };
  });
}
