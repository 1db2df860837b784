import { AppError } from "../errors.ts";
import type { PlanSummary } from "../events/Event.ts";
import { exitCodes } from "../exitCodes.ts";
import type { JournalEntry, StateHead } from "../stacks/JournalEntry.ts";
import { readStateRecord, writeStateRecord } from "../stacks/stateRecord.ts";
import { journalOf } from "./journalOf.ts";
import { keepSnapshot, removeOldSnapshots } from "./keepSnapshot.ts";
import type { OpenStack } from "./openStack.ts";
import { presentStateHead } from "./presentStateHead.ts";
import { soughtBy } from "./soughtBy.ts";
import type { ReadyStack } from "./readyStack.ts";
import type { RunContext } from "./withRun.ts";

/**
 * Lets the engine apply the stack's plan file. Before it begins, a snapshot of the state and a journal entry with what
 * is expected are durable; the entry is closed when the engine has ended well and the state is there, or has refused to
 * begin. What failed or was cut off stays open: recovery is due.
 */
export async function carryOut(
  operation: "apply" | "destroy" | "recover",
  summary: PlanSummary,
  open: OpenStack,
  ready: ReadyStack,
  run: RunContext,
): Promise<void> {
  const entry = await begin(operation, summary, open, ready, run);
  const ended = new AbortController();
  void tellOfBudget(operation, open, run, ended.signal);
  try {
    await open.engine.apply(open.paths.plan).finally(() => ended.abort());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // Of several attempts, the first may have made something.
    const isFirst = entry.expected.length === summary.changes.length;
    if (isFirst && ["engine.planStale", "engine.stateLocked"].includes(error.code)) await close(entry, open, run);
    else if (!mayHaveLost(error)) await fail(entry, open, ready, run);
    throw error;
  }
  await run.ports.files.remove(open.paths.plan);
  await end(entry, open, ready, run);
}

/** Seconds. */
const piece = 10;

/** Says, once, that the engine is at it for longer than the provider's budget. It is not stopped: nobody knows how far it is. */
async function tellOfBudget(
  operation: string,
  { provider, stack }: OpenStack,
  { ports }: RunContext,
  ended: AbortSignal,
): Promise<void> {
  const { timeouts } = provider.manifest;
  const seconds = operation === "destroy" ? timeouts.destroy : timeouts.create;
  // In pieces: what a computer sleeps in between does not count.
  for (let passed = 0; passed < seconds; passed += piece) {
    await ports.clock.sleep(piece * 1000, ended).catch(() => undefined);
    if (ended.aborted) return;
  }
  ports.emit({
    type: "notice",
    level: "warning",
    code: "run.slow",
    message: `the ${operation} of ${stack.name} takes longer than the ${seconds} s that provider ${provider.name} allows for`,
    hint: "wait, or look at the provider's console; Ctrl-C, once, lets the engine end what it is doing, and the same command goes on later",
  });
}

/** Whether what an engine could not save can be found, at the provider or on this computer. */
export function isSearchable({ behaviour, loaded }: Pick<ReadyStack, "behaviour" | "loaded">): boolean {
  return behaviour.findOrphans !== undefined || loaded.provider.manifest.capabilities.local === true;
}

async function begin(
  operation: string,
  { changes }: PlanSummary,
  open: OpenStack,
  { computer }: ReadyStack,
  run: RunContext,
): Promise<JournalEntry> {
  const journal = await journalOf(open, run);
  const expected = changes.map(({ address, action }) => ({ address, action }));
  // After a rate limit the same run goes on with what is left.
  const former = (await journal.open()).find((entry) => entry.run === run.run.id);
  const snapshot = former === undefined ? await keepSnapshot(open, computer, run) : undefined;
  const { id, started } = run.run;
  const entry: JournalEntry =
    former === undefined
      ? {
          run: id,
          operation,
          started,
          expected,
          soughtBy: soughtBy(open),
          ...(snapshot === undefined ? {} : { state: snapshot.state, snapshot: snapshot.name }),
        }
      : { ...former, soughtBy: soughtBy(open), expected: [...former.expected, ...expected] };
  await journal.write(entry);
  return entry;
}

async function end(entry: JournalEntry, open: OpenStack, { computer }: ReadyStack, run: RunContext): Promise<void> {
  const { configuration, paths, stack } = open;
  const { files } = run.ports;
  const left = await presentStateHead(open, run);
  if (left === undefined || !follows(left, entry.state)) throw stateNotThere(stack.name);
  const record = await readStateRecord(paths, files);
  // From now on a state that a colleague emptied is told from a lost one.
  if (record !== undefined) await writeStateRecord(paths, { ...record, lineage: left.lineage }, files);
  // What is kept elsewhere does not go with the clone.
  if (configuration.state.backend === "local") await keepSnapshot(open, computer, run);
  await close({ ...entry, left }, open, run);
}

/** Every call was answered, so the state knows what was made: it need not be searched for where it was made. */
async function fail(entry: JournalEntry, open: OpenStack, ready: ReadyStack, run: RunContext): Promise<void> {
  if (!isSearchable(ready)) return end({ ...entry, ending: "failed" }, open, ready, run);
  await (await journalOf(open, run)).write({ ...entry, soughtBy: {} });
}

async function close(entry: JournalEntry, open: OpenStack, run: RunContext): Promise<void> {
  const journal = await journalOf(open, run);
  const closed = new Date(run.ports.clock.now()).toISOString();
  await journal.write({ ending: "finished", ...entry, closed });
  await removeOldSnapshots(
    open,
    (await journal.open()).map(({ snapshot }) => snapshot),
    run,
  );
}

/** Whether a state can be what a run left that began with `before`. */
export function follows(after: StateHead | undefined, before: StateHead | undefined): boolean {
  if (after === undefined) return false;
  return before === undefined || (after.lineage === before.lineage && after.serial >= before.serial);
}

/** Whether something may exist that the engine was not told of: it was ended itself, or an answer did not arrive. */
function mayHaveLost({ code, message, problems }: AppError): boolean {
  if (code === "engine.interrupted" || code === "engine.stuck" || /it was killed/.test(message)) return true;
  return problems.some(
    ({ message: text }) => isCutOff.test(text) || (!refusals.includes(code) && isServersFault.test(text)),
  );
}

/** Answers that say no, whatever status they have. */
const refusals = ["engine.rateLimited", "engine.outOfStock"];

const isCutOff =
  /\bEOF\b|reset by peer|broken pipe|connection (was )?(lost|closed)|closed network|time[d -]?out|deadline|plugin/i;

/** As plugins tell of a status of 500 and more; a number alone may be anything. */
const isServersFault =
  /(status|code|http)\W{1,3}5\d\d\b|\b5\d\d (internal|bad gateway|service|gateway)|internal server error|bad gateway|unavailable/i;

function stateNotThere(stack: string): AppError {
  return new AppError(
    "state.unreadable",
    `the engine has ended, and the state of ${stack} is not what it should have left`,
    { hint: `landfall recover ${stack}`, exit: exitCodes.recovery },
  );
}
