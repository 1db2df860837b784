import { AppError } from "../errors.ts";
import type { PlanSummary } from "../events/Event.ts";
import { checkInterrupted } from "./checkInterrupted.ts";
import { confirmPlan } from "./confirmPlan.ts";
import { forgetKnownStack } from "./knownStack.ts";
import { openStack, type OpenStack } from "./openStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { planOpenStack } from "./planOpenStack.ts";
import type { EngineOptions } from "./planStack.ts";
import { readyStack } from "./readyStack.ts";
import { withRun, type RunContext } from "./withRun.ts";

export interface DestroyResult {
  stack: string;
  /** False where there was nothing. */
  changed: boolean;
  summary: PlanSummary;
  durationMs: number;
}

/** Removes everything that belongs to a stack, and what its plugin leaves behind. */
export async function destroyStack(options: EngineOptions, context: OperationContext): Promise<DestroyResult> {
  const { clock } = context.ports;
  const began = clock.now();
  const ready = await readyStack({ ...options, persist: true }, context);
  return withRun(ready.loaded, "destroy", context, async (run) => {
    const open = await openStack(ready, run);
    checkInterrupted(run);
    const plan = await planOpenStack(open, { destroy: true }, run);
    await confirmPlan("destroy", plan.summary, open, options.yes, run);
    if (plan.changes) {
      await open.engine.apply(open.paths.plan);
      await run.ports.files.remove(open.paths.plan);
    }
    await ready.behaviour.cleanUp?.(open.providerContext);
    await checkNothingIsLeft(open, ready.behaviour.inspectMachine?.(open.providerContext));
    await forgetIdentity(open, run);
    return {
      stack: open.stack.name,
      changed: plan.changes,
      summary: plan.summary,
      durationMs: clock.now() - began,
    };
  });
}

async function checkNothingIsLeft(
  open: OpenStack,
  inspection: Promise<{ state: string; leftovers?: string[] }> | undefined,
): Promise<void> {
  const report = await inspection;
  const left = [...(report?.leftovers ?? [])];
  if (report?.state === "running" || report?.state === "stopped") left.unshift("the machine");
  if (left.length === 0) return;
  throw new AppError("destroy.leftovers", `after destroying ${open.stack.name} this is left: ${left.join(", ")}`, {
    hint: `run the same command again; if it stays, remove it by hand`,
  });
}

/** The next machine of this stack is another machine: it gets a host key of its own. */
async function forgetIdentity({ paths }: OpenStack, { ports: { files } }: RunContext): Promise<void> {
  await forgetKnownStack(paths, files);
  for (const path of [paths.hostKey, paths.hostKeyPublic, paths.knownHosts, paths.authorizedKey]) {
    await files.remove(path);
  }
}
