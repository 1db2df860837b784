import { AppError, type Problem } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { PlanSummary } from "../events/Event.ts";
import type { Orphan, ProviderBehaviour } from "../providers/behaviour.ts";
import type { JournalEntry } from "../stacks/JournalEntry.ts";
import { adoptOrphans, modulePrefix, type Adoption } from "./adoptOrphans.ts";
import { isSearchable } from "./carryOut.ts";
import { withoutKeys } from "./checkAddresses.ts";
import { deniedThings } from "./deniedThings.ts";
import { journalOf } from "./journalOf.ts";
import type { OpenStack } from "./openStack.ts";
import type { ReadyStack } from "./readyStack.ts";
import { checkSoughtBy } from "./soughtBy.ts";
import { tellOfNameless } from "./tellOfNameless.ts";
import { untaintSound } from "./untaintSound.ts";
import type { RunContext } from "./withRun.ts";

/**
 * What comes before an apply or a destroy where an earlier run did not come to its end, or where no finished apply is known:
 * imports and untaints. Throws AppError `recovery.undecided` (exit 7) where more is needed. Gives whether it was searched.
 */
export async function recoverFirst(
  operation: "apply" | "destroy",
  open: OpenStack,
  ready: ReadyStack,
  run: RunContext,
): Promise<boolean> {
  const { stack, paths } = open;
  if (await run.ports.files.exists(paths.dump)) throw dumpLeft(stack.name, paths.dump);
  const journal = await journalOf(open, run);
  const due = await journal.open();
  if (due.length === 0 && open.known !== undefined) return false;
  if (!isSearchable(ready)) {
    if (due.length > 0) throw notSearchable(stack.name, due);
    return false;
  }
  checkSoughtBy(due, open, ready.behaviour);
  const adoption = await adoptOrphans(open, ready.behaviour, run);
  if (due.length > 0 && operation === "apply") await untaintSound(open, ready.behaviour, adoption.found, run);
  const problems = undecided(adoption, due.length > 0);
  if (problems.length > 0) throw undecidedError(stack.name, problems);
  if (due.length === 0) tellOfUnasked(adoption, { stack: stack.name, behaviour: ready.behaviour }, run);
  await tellOfNameless(due, open, ready.behaviour, run);
  await closeJournal(open, "recovered", run);
  return true;
}

/**
 * What comes before a plan that makes something is carried out, where nothing was searched before it: what is to be made
 * may be there already, made by a colleague's run that was killed, or forgotten because the provider denied it once.
 * Gives whether the plan has to be made again. Throws AppError `plan.contradicted` where a search finds what the plan denies.
 */
export async function searchBeforeMaking(
  summary: PlanSummary,
  open: OpenStack,
  { behaviour }: ReadyStack,
  run: RunContext,
): Promise<boolean> {
  const makes = summary.changes.some(({ address, action }) => action === "create" && address.startsWith(modulePrefix));
  if (!makes || behaviour.findOrphans === undefined) return false;
  const adoption = await adoptOrphans(open, behaviour, run);
  const problems = undecided(adoption, false);
  if (problems.length > 0) throw undecidedError(open.stack.name, problems);
  const { machine, disk, data, address: addresses } = open.provider.manifest.resources;
  const weighty = [...machine, ...disk, ...data, ...addresses];
  const denied = deniedThings(summary, open);
  // Of what else there is, a search may only say what it reads from a machine: the name of its key, say.
  const contradicted = adoption.found.filter(
    ({ address, id }) =>
      weighty.includes(withoutKeys(address)) &&
      denied.some((held) => held.address === modulePrefix + address && held.id === id),
  );
  if (contradicted.length > 0) throw contradiction(open, contradicted);
  return adoption.adopted.length > 0;
}

/** Throws AppError `recovery.due` where an earlier attempt of this run may have made what cannot be searched for. */
export async function checkSearchable(open: OpenStack, ready: ReadyStack, run: RunContext): Promise<void> {
  const due = await (await journalOf(open, run)).open();
  if (due.length > 0 && !isSearchable(ready)) throw notSearchable(open.stack.name, due);
}

/** Ends the open entries of the journal: their consequences are known by now. */
export async function closeJournal(
  open: Pick<OpenStack, "stack" | "paths">,
  ending: "recovered" | "confirmed",
  run: RunContext,
): Promise<void> {
  const journal = await journalOf(open, run);
  const closed = new Date(run.ports.clock.now()).toISOString();
  for (const entry of await journal.open()) await journal.write({ ...entry, closed, ending });
}

export function undecidedError(stack: string, problems: readonly Problem[]): AppError {
  return new AppError("recovery.undecided", `what an earlier run of ${stack} left cannot all be taken over`, {
    hint: `landfall recover ${stack}`,
    exit: exitCodes.recovery,
    problems,
  });
}

/** @param cutOff whether an earlier run may have made what nobody asks for */
export function undecided({ twice, unasked }: Pick<Adoption, "twice" | "unasked">, cutOff: boolean): Problem[] {
  return [
    ...twice.map(({ orphan, kept }) => ({
      message: `${orphan.title} (${orphan.id}) is there twice as ${orphan.address}${kept === undefined ? "" : `: the stack uses ${kept}`}`,
    })),
    ...(cutOff ? unasked : []).map(({ title, id }) => ({
      message: `${title} (${id}) exists, and the configuration does not ask for it`,
    })),
  ];
}

function tellOfUnasked(
  { unasked }: Adoption,
  { stack, behaviour }: { stack: string; behaviour: ProviderBehaviour },
  { ports }: RunContext,
): void {
  const removal =
    behaviour.removeOrphan === undefined ? "remove it by hand" : `landfall recover ${stack} asks whether to delete it`;
  for (const { title } of unasked)
    ports.emit({
      type: "notice",
      level: "warning",
      code: "orphan.left",
      message: `${title} exists already and is left alone: the configuration does not ask for it, and plans will not show it`,
      hint: `${removal}; or configure it again and apply`,
    });
}

/** The plan would make what a search finds. */
function contradiction({ stack, provider }: OpenStack, found: readonly Orphan[]): AppError {
  return new AppError("plan.contradicted", `provider ${provider.name} denied what it lists: nothing was changed`, {
    hint: `it may have answered from an old copy: run landfall plan ${stack.name} in a while`,
    problems: found.map(({ title, id }) => ({ message: `${title} (${id}) exists, and the plan would make it again` })),
  });
}

function dumpLeft(stack: string, dump: string): AppError {
  return new AppError("recovery.dump", `the engine could not save the state of ${stack}, and left it in ${dump}`, {
    hint: `landfall recover ${stack}`,
    exit: exitCodes.recovery,
  });
}

function notSearchable(stack: string, due: readonly JournalEntry[]): AppError {
  const expected = due.flatMap((entry) => entry.expected).filter(({ action }) => action !== "delete");
  return new AppError("recovery.due", `an earlier run of ${stack} was cut off, and its provider cannot be searched`, {
    hint: `landfall recover ${stack}`,
    exit: exitCodes.recovery,
    problems: expected.map(({ address, action }) => ({ message: `${address}: it was about to ${action} this` })),
  });
}
