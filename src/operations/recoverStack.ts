import type { PlanSummary } from "../events/Event.ts";
import type { Orphan } from "../providers/behaviour.ts";
import type { JournalEntry } from "../stacks/JournalEntry.ts";
import { saveAppliedTree } from "../stacks/saveAppliedTree.ts";
import { adoptOrphans } from "./adoptOrphans.ts";
import { carryOut, isSearchable } from "./carryOut.ts";
import { confirmNothingLeft } from "./confirmNothingLeft.ts";
import { decideOrphans } from "./decideOrphans.ts";
import { journalOf } from "./journalOf.ts";
import { writeKnownStack } from "./knownStack.ts";
import { openStack, type OpenStack } from "./openStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { planOpenStack } from "./planOpenStack.ts";
import { readMade, type Made } from "./readMade.ts";
import { readOutputs } from "./readOutputs.ts";
import { readyStack, type ReadyStack } from "./readyStack.ts";
import { closeJournal, undecidedError } from "./recoverFirst.ts";
import { repairState, type StateRepair } from "./repairState.ts";
import { checkSoughtBy } from "./soughtBy.ts";
import type { StackOptions } from "./StackOptions.ts";
import { tellOfNameless } from "./tellOfNameless.ts";
import { untaintSound } from "./untaintSound.ts";
import { withRun, type RunContext } from "./withRun.ts";

export interface RecoveryResult {
  stack: string;
  /** Runs that had not come to their end. */
  due: readonly JournalEntry[];
  state: StateRepair;
  /** What the engine of those runs said that it had made. */
  made: readonly Made[];
  adopted: readonly Orphan[];
  removed: readonly Orphan[];
  left: readonly Orphan[];
  /** What may be of those runs, or anybody's. */
  nameless: readonly Orphan[];
  untainted: readonly string[];
  /** What still differs from the configuration; `landfall apply` does it. */
  changes: boolean;
  summary: PlanSummary;
}

/**
 * Brings state and provider together after a run that was cut off: state, search, imports, what was interrupted. Ends with an empty
 * plan or the list of what differs. Throws AppError `recovery.undecided` for what it must not decide alone.
 */
export async function recoverStack(options: StackOptions, context: OperationContext): Promise<RecoveryResult> {
  const ready = await readyStack({ ...options, persist: true }, context);
  return withRun(ready.loaded, "recover", context, async (run) => {
    const due = await (await journalOf(ready.loaded, run)).open();
    const made = (await Promise.all(due.map((entry) => readMade(ready.loaded.paths, entry, run.ports.files)))).flat();
    const state = await repairState(ready, run);
    const open = await openStack(ready, run);
    const { behaviour } = ready;
    if (isSearchable(ready)) checkSoughtBy(due, open, behaviour);
    else if (due.length > 0) await confirmNothingLeft(open, due, made, run);

    const adoption = await adoptOrphans(open, behaviour, run);
    const untainted = await untaintSound(open, behaviour, adoption.found, run);
    const decisions = await decideOrphans(adoption, due, { open, behaviour, yes: options.yes }, run);
    if (decisions.problems.length > 0) throw undecidedError(open.stack.name, decisions.problems);
    const nameless = await tellOfNameless(due, open, behaviour, run);
    await closeJournal(open, isSearchable(ready) ? "recovered" : "confirmed", run);

    const plan = await settle(open, ready, run);
    return {
      stack: open.stack.name,
      due,
      state,
      made,
      adopted: [...adoption.adopted, ...decisions.adopted],
      removed: decisions.removed,
      left: decisions.left,
      nameless,
      untainted,
      changes: plan.changes,
      summary: plan.summary,
    };
  });
}

/** What exists only in the state (outputs, the engine's own records) is brought up to date; everything else is only shown. */
async function settle(
  open: OpenStack,
  ready: ReadyStack,
  run: RunContext,
): Promise<{ changes: boolean; summary: PlanSummary }> {
  const { files } = run.ports;
  let plan = await planOpenStack(open, {}, run);
  if (plan.changes && isBookkeeping(plan.summary, open)) {
    await carryOut("recover", plan.summary, open, ready, run);
    plan = await planOpenStack(open, {}, run);
  }
  await files.remove(open.paths.plan);
  if (plan.changes) return plan;
  const outputs = await readOutputs(open);
  const { ready: since, prepared } = open.known ?? {};
  const kept = { ...(since === undefined ? {} : { ready: since }), ...(prepared === undefined ? {} : { prepared }) };
  if (Object.keys(outputs).length > 0) await writeKnownStack(open.paths, { outputs, ...kept }, files);
  await saveAppliedTree(open.paths, open.provider, run.workspace, files);
  return plan;
}

function isBookkeeping({ changes }: PlanSummary, { state }: OpenStack): boolean {
  // Nothing was ever made: then an apply is what is asked for.
  if (state === undefined && changes.length > 0) return false;
  return changes.every(({ address, action }) => action === "create" && /(^|\.)terraform_data\.[^.]+$/.test(address));
}
