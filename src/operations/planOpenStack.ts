import { summarizePlan } from "../engine/summarizePlan.ts";
import type { PlanSummary } from "../events/Event.ts";
import { deniedThings, heldThings, type HeldThing } from "./deniedThings.ts";
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
  { again = false, ...options }: { destroy?: boolean; refreshOnly?: boolean; again?: boolean },
  { ports }: RunContext,
): Promise<StackPlan> {
  const { changes } = await open.engine.plan({ out: open.paths.plan, ...options });
  const summary = changes
    ? summarizePlan(await open.engine.showPlan(open.paths.plan), open.provider.manifest.resources, {
        unfinished: open.known === undefined,
        creates: open.provider.manifest.capabilities.create === true,
        held: heldThings(open).map(({ address }) => address),
      })
    : nothing;
  if (!changes) await ports.files.remove(open.paths.plan);
  // What an earlier attempt of the same run has removed is no surprise.
  if (!again) {
    const missing = options.destroy === true ? notIn(summary, open) : deniedThings(summary, open);
    for (const thing of missing) tellOfDenied(thing, open, ports);
  }
  ports.emit({ type: "plan.summarized", stack: open.stack.name, summary });
  return { changes, summary };
}

/** What a destroy would not remove, although the state knows it. */
function notIn({ changes }: PlanSummary, open: OpenStack): HeldThing[] {
  return heldThings(open).filter(({ address }) => !changes.some((change) => change.address === address));
}

function tellOfDenied({ address, id }: HeldThing, { provider }: OpenStack, { emit }: RunContext["ports"]): void {
  emit({
    type: "notice",
    level: "warning",
    code: "plan.denied",
    message: `provider ${provider.name} says that ${address} (${id}) does not exist, and the state knows it`,
    hint: "where it was not removed there, stop, and see whether these are the credentials, project and region that it was made with",
  });
}
