import { summarizePlan } from "../engine/summarizePlan.ts";
import type { PlanSummary } from "../events/Event.ts";
import { resourcesOf } from "../stacks/StateContent.ts";
import { modulePrefix } from "./adoptOrphans.ts";
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

interface Held {
  address: string;
  id: string;
}

/** What the state knew of the provider when the run began; what was only half made is made again whatever the provider says. */
function heldIds({ state }: OpenStack): Held[] {
  return resourcesOf(state, "module.provider")
    .filter(({ tainted }) => !tainted)
    .map(({ address, id }) => ({ address: modulePrefix + address, id }));
}

/** What the state knows and the provider, asked by this plan, does not: it would be made again, or is not there to be destroyed. */
export function denied({ changes }: PlanSummary, destroy: boolean, open: OpenStack): Held[] {
  const actions = new Map(changes.map(({ address, action }) => [address, action]));
  return heldIds(open).filter(({ address }) => (destroy ? !actions.has(address) : actions.get(address) === "create"));
}

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
        held: options.destroy === true ? [] : heldIds(open).map(({ address }) => address),
      })
    : nothing;
  if (!changes) await ports.files.remove(open.paths.plan);
  // What an earlier attempt of the same run has removed is no surprise.
  for (const { address, id } of again ? [] : denied(summary, options.destroy === true, open))
    ports.emit({
      type: "notice",
      level: "warning",
      code: "plan.denied",
      message: `provider ${open.provider.name} says that ${address} (${id}) does not exist, and the state knows it`,
      hint: "where it was not removed there, stop, and see whether these are the credentials, project and region that it was made with",
    });
  ports.emit({ type: "plan.summarized", stack: open.stack.name, summary });
  return { changes, summary };
}
