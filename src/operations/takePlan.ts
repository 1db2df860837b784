import { isDeepStrictEqual } from "node:util";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { PlanBasis, SavedPlan, SavedPlanRecord } from "../stacks/SavedPlan.ts";
import { readSavedPlan, savedPlanFiles, writeSavedPlan } from "../stacks/savedPlans.ts";
import type { OpenStack } from "./openStack.ts";
import { digest, planBasis } from "./planBasis.ts";
import type { StackPlan } from "./planOpenStack.ts";
import type { RunContext } from "./withRun.ts";

const ofBasis: Record<keyof PlanBasis, string> = {
  configuration: "the configuration is another one now (settings, --set, credentials)",
  plugins: "the stack's plugins are locked to other ones now",
  module: "the module of the provider, or Landfall's own, has changed",
  state: "the state has changed: something was applied since",
};

/**
 * Makes a saved plan the one that is about to be applied. Throws AppError `plan.refused` with every reason where it was
 * used, is too old, was edited, or where anything that it was made from has changed.
 */
export async function takePlan(plan: SavedPlan, open: OpenStack, run: RunContext): Promise<StackPlan> {
  const { files, emit } = run.ports;
  const { paths, stack } = open;
  const record = /^[\w-]+$/.test(plan.id) ? await readSavedPlan(paths, plan.id, files) : undefined;
  if (record === undefined)
    throw refused(stack.name, ["this clone has no such plan: it was made in another one, or is long gone"]);
  const reasons = await reasonsAgainst(plan, record, open, run);
  if (reasons.length > 0) throw refused(stack.name, reasons);
  emit({ type: "plan.summarized", stack: stack.name, summary: record.plan.summary });
  return { changes: true, summary: record.plan.summary };
}

/** Used from now on, also where the apply is killed. */
export async function usePlan(plan: SavedPlan, { paths }: OpenStack, { ports }: RunContext): Promise<void> {
  const { files, clock } = ports;
  const record = await readSavedPlan(paths, plan.id, files);
  if (record === undefined) return;
  await writeSavedPlan(paths, { ...record, used: new Date(clock.now()).toISOString() }, files);
  await files.rename(savedPlanFiles(paths, plan.id).engine, paths.plan);
}

async function reasonsAgainst(
  plan: SavedPlan,
  record: SavedPlanRecord,
  open: OpenStack,
  { ports: { files, clock } }: RunContext,
): Promise<string[]> {
  if (record.used !== undefined) return [`it was used already, at ${record.used}`];
  const engine = await files.readBytes(savedPlanFiles(open.paths, plan.id).engine);
  const basis = await planBasis(open, record.salt, files);
  const changed = (Object.keys(ofBasis) as (keyof PlanBasis)[]).filter((part) => basis[part] !== record.basis[part]);
  return [
    ...(isDeepStrictEqual(plan, record.plan) ? [] : ["the file was edited"]),
    ...(Date.parse(record.plan.expires) <= clock.now() ? [`it was good until ${record.plan.expires}`] : []),
    ...(engine !== undefined && digest(engine) === record.digest
      ? []
      : ["the engine's part of it was changed, or is gone"]),
    ...changed.map((part) => ofBasis[part]),
  ];
}

/** The error of somebody whose plan would make what exists. */
export function planOutdated(stack: string): AppError {
  return refused(stack, ["what it would make exists already, and was taken over into the state"]);
}

function refused(stack: string, reasons: readonly string[]): AppError {
  return new AppError("plan.refused", `this plan of ${stack} can no longer be applied`, {
    hint: `plan again: landfall plan ${stack} --out FILE`,
    exit: exitCodes.refused,
    problems: reasons.map((message) => ({ message })),
  });
}
