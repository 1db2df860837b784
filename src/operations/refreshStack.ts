import type { PlanSummary } from "../events/Event.ts";
import type { ModuleResource } from "../stacks/StateContent.ts";
import { heldResources } from "./adoptOrphans.ts";
import { keepSnapshot } from "./keepSnapshot.ts";
import { writeKnownStack } from "./knownStack.ts";
import { openStack } from "./openStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { planOpenStack } from "./planOpenStack.ts";
import type { StackOptions } from "./StackOptions.ts";
import { readOutputs } from "./readOutputs.ts";
import { readyStack } from "./readyStack.ts";
import { withRun, type RunContext } from "./withRun.ts";

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
      // A wrong answer of the provider, or other credentials, can make it forget what exists.
      await keepSnapshot(open, ready.computer, run);
      const before = await heldResources(open);
      await open.engine.apply(open.paths.plan);
      await run.ports.files.remove(open.paths.plan);
      tellOfForgotten(before, await heldResources(open), open.stack.name, run);
    }
    const outputs = await readOutputs(open);
    if (open.known !== undefined) await writeKnownStack(open.paths, { ...open.known, outputs }, run.ports.files);
    return { stack: open.stack.name, changed: plan.changes, summary: plan.summary, outputs };
  });
}

function tellOfForgotten(
  before: readonly ModuleResource[],
  after: readonly ModuleResource[],
  stack: string,
  { ports }: RunContext,
): void {
  const gone = before.filter(({ address, id }) => !after.some((held) => held.address === address && held.id === id));
  if (gone.length === 0) return;
  const things = gone.map(({ address, id }) => (id === "" ? address : `${address} (${id})`)).join(", ");
  ports.emit({
    type: "notice",
    level: "warning",
    code: "refresh.forgotten",
    message: `the provider does not have these any more, and ${stack} has forgotten them: ${things}`,
    hint: `where they exist after all: landfall state restore ${stack}; landfall state snapshots ${stack} lists the copies`,
  });
}
