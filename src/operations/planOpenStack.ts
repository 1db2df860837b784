import { summarizePlan } from "../engine/summarizePlan.ts";
import type { PlanSummary } from "../events/Event.ts";
import type { OpenStack } from "./openStack.ts";
import type { RunContext } from "./withRun.ts";

export interface StackPlan {
  changes: boolean;
  summary: PlanSummary;
}

const nothing: PlanSummary = {
  changes: [],
  counts: { create: 0, update: 0, replace: 0, delete: 0 },
  impact: "none",
  machine: "none",
  data: "none",
  address: "none",
};

/** Plans into the stack's plan file and says what the plan does. One engine process where nothing changes, else two. */
export async function planOpenStack(
  open: OpenStack,
  options: { destroy?: boolean; refreshOnly?: boolean },
  { ports }: RunContext,
): Promise<StackPlan> {
  const { changes } = await open.engine.plan({ out: open.paths.plan, ...options });
  const summary = changes
    ? summarizePlan(await open.engine.showPlan(open.paths.plan), open.provider.manifest.resources, {
        unfinished: open.known === undefined,
        creates: open.provider.manifest.capabilities.create === true,
      })
    : nothing;
  if (!changes) await ports.files.remove(open.paths.plan);
  ports.emit({ type: "plan.summarized", stack: open.stack.name, summary });
  return { changes, summary };
}
