import { randomBytes } from "node:crypto";
import type { PlanSummary } from "../events/Event.ts";
import type { SavedPlan } from "../stacks/SavedPlan.ts";
import { removeOldPlans, savedPlanFiles, writeSavedPlan } from "../stacks/savedPlans.ts";
import type { OpenStack } from "./openStack.ts";
import { digest, planBasis } from "./planBasis.ts";
import type { RunContext } from "./withRun.ts";

/** Prices, capacity and other people's changes: what is older has to be looked at again. */
const validMs = 60 * 60_000;

/**
 * Keeps the plan that was just made, for one later apply, and writes what it says to `out`. The engine's own plan, which
 * holds sensitive values, stays in the stack's directory, encrypted where the state is.
 */
export async function savePlan(
  open: OpenStack,
  summary: PlanSummary,
  out: string,
  run: RunContext,
): Promise<SavedPlan> {
  const { files, clock } = run.ports;
  const { paths, stack } = open;
  const now = clock.now();
  const plan: SavedPlan = {
    landfall: "plan",
    id: run.run.id,
    stack: stack.name,
    created: new Date(now).toISOString(),
    expires: new Date(now + validMs).toISOString(),
    summary,
  };
  const salt = randomBytes(16).toString("hex");
  const engine = (await files.readBytes(paths.plan)) ?? new Uint8Array();
  await removeOldPlans(paths, now, files);
  await writeSavedPlan(paths, { plan, salt, basis: await planBasis(open, salt, files), digest: digest(engine) }, files);
  await files.rename(paths.plan, savedPlanFiles(paths, plan.id).engine);
  await files.write(out, `${JSON.stringify(plan, undefined, 2)}\n`);
  return plan;
}
