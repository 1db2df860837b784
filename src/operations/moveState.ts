import { parseAssignments } from "../configuration/parseAssignments.ts";
import type { Secret } from "../configuration/Secret.ts";
import type { StateStore } from "../engine/createStateStore.ts";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { parseExactly, rawNumber } from "../parseExactly.ts";
import { carriedCopies } from "../stacks/carriedCopies.ts";
import { checkState } from "../stacks/checkState.ts";
import { emptiedState, isEmptyState } from "../stacks/emptiedState.ts";
import { movedState, movedTo } from "../stacks/movedState.ts";
import { sameState } from "../stacks/sameState.ts";
import { parseState } from "../stacks/StateContent.ts";
import { readStateRecord, writeStateRecord, type StateRecord } from "../stacks/stateRecord.ts";
import { convertState } from "./convertState.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { localRecord } from "./checkPlace.ts";
import { placeText, samePlace } from "./placeText.ts";
import type { PreparedComputer } from "./prepareComputer.ts";
import { putStateAside } from "./putStateAside.ts";
import { readyStack } from "./readyStack.ts";
import { recordedPlace } from "./recordedPlace.ts";
import { snapshotState } from "./snapshotState.ts";
import { clonePlace, configuredPlace, stateStoreOf } from "./stateStoreOf.ts";
import { withRun, type RunContext } from "./withRun.ts";

export interface MoveOptions {
  stack: string;
  set: readonly string[];
  /** Settings of the former place that the configuration no longer has: `KEY=VALUE`, `KEY=@FILE`, `KEY=-`. */
  from: readonly string[];
  yes: boolean;
}

export interface MoveResult {
  stack: string;
  from: string;
  to: string;
  /** False where it was there already. */
  moved: boolean;
  /** How many things the state knows. */
  resources: number;
  snapshot?: string;
}

/**
 * Carries the state of a stack from where it was to where the configuration says. The copy is read back and compared
 * before the former place is given up; what lies at the new place already is never overwritten. Cut off at any moment,
 * the same command goes on. Throws AppError `state.conflict` and `state.changed` where anything disagrees.
 */
export async function moveState(options: MoveOptions, context: OperationContext): Promise<MoveResult> {
  const { stack, set, yes } = options;
  const ready = await readyStack({ stack, set, yes, persist: true }, context);
  const former = await parseAssignments(options.from, context.ports);
  return withRun(ready.loaded, "state move", context, (run) => carry(ready.loaded, former, ready.computer, run));
}

async function carry(
  loaded: LoadedStack,
  former: ReadonlyMap<string, string>,
  computer: PreparedComputer,
  run: RunContext,
): Promise<MoveResult> {
  const { stack, paths, configuration } = loaded;
  const { files } = run.ports;
  const { backend, arguments: block, address, key, previousKey } = configuration.state;
  const target: StateRecord = { backend, arguments: block, address };
  const record = await readStateRecord(paths, files);
  const source = record ?? ((await files.exists(paths.state)) ? localRecord : target);
  const clone = clonePlace(paths, run);
  const result = { stack: stack.name, from: placeText(source, clone), to: placeText(target, clone) };
  if (samePlace(source, target)) return { ...result, moved: false, resources: 0 };

  await checkState(paths, false, run.ports);
  const sourceStore = stateStoreOf(recordedPlace(source, former, loaded), { paths, name: "former" }, computer, run);
  const targetStore = stateStoreOf(configuredPlace(configuration, paths), { paths, name: "new" }, computer, run);
  const settings = { ...configuration.state, backend: source.backend };
  const reading = convertState({ stack, paths, computer, settings, store: sourceStore }, run);
  const state = await reading.catch((error: unknown) => {
    throw unreachable(error, result, paths);
  });
  if (state === undefined) {
    await writeStateRecord(paths, { ...record, ...target }, files);
    return { ...result, moved: true, resources: 0 };
  }
  const { lineage, resources } = parseState(state);
  const readable = { key, previousKey, plainToo: true };
  const there = await targetStore.pull(readable);
  if (isCarried(state, there, result)) {
    await writeStateRecord(paths, { ...target, lineage }, files);
    return { ...result, moved: true, resources: parseState(there ?? state).resources.length };
  }
  const copies = carriedCopies(paths, files);
  if (there !== undefined && !(await copies.has(there))) checkTarget(state, there, result);
  const snapshot = await snapshotState(state, key ?? previousKey, { paths, computer }, run);

  const isNew = there === undefined || isEmptyState(there);
  if (isNew) await targetStore.push(emptiedState(state), readable, { force: true });
  await copies.note(state);
  const begun = isNew ? await targetStore.pull(readable) : there;
  await targetStore.push(followedBy(begun, state), readable, { force: isNew });
  const copy = await targetStore.pull({ key });
  if (copy === undefined || !sameState(state, copy)) throw changed(result, snapshot);

  const left = await sourceStore.pull({ key });
  // What was written there is read here: one place under two names, such as a server with another address.
  const same = [there, left].every((one) => one !== undefined) && serial(there) === serial(state) && left === copy;
  if (!same) await leave(sourceStore, movedState(state, result.to), { key, result, snapshot });
  await writeStateRecord(paths, { ...target, lineage }, files);
  if (source.backend === "local") await putStateAside(paths, run);
  await copies.forget();
  return { ...result, moved: true, resources: resources.length, snapshot };
}

/** Fails where somebody else wrote to it meanwhile: then the copy is out of date, and the former place stays in force. */
async function leave(
  store: StateStore,
  notice: string,
  { key, result, snapshot }: { key: Secret | undefined; result: MoveResultHead; snapshot: string },
): Promise<void> {
  try {
    await store.push(notice, { key });
  } catch (error) {
    throw error instanceof AppError && error.code === "engine.stateConflict" ? changed(result, snapshot) : error;
  }
}

/** Whether an earlier call was cut off right at its end, or a colleague did it. Throws where it was carried elsewhere. */
function isCarried(state: string, there: string | undefined, { stack, from, to: wanted }: MoveResultHead): boolean {
  const to = movedTo(parseState(state));
  if (to === undefined) return false;
  const arrived = there !== undefined && parseState(there).lineage === parseState(state).lineage;
  if (to === wanted && arrived) return true;
  throw new AppError("state.moved", `the state of ${stack} is no longer in ${from}: it was carried to ${to}`, {
    hint: "take over the STATE_ settings of whoever moved it",
    exit: exitCodes.refused,
  });
}

type MoveResultHead = Pick<MoveResult, "stack" | "from" | "to">;

/** What is there already may only be this very state, an earlier copy of it, or what it left when it was carried away. */
function checkTarget(state: string, there: string, { stack, to }: MoveResultHead): void {
  if (isEmptyState(there) || sameState(state, there)) return;
  const [ours, theirs] = [parseState(state), parseState(there)];
  const left = movedTo(theirs) !== undefined;
  if (theirs.lineage === ours.lineage && (left || theirs.serial <= ours.serial)) return;
  const why =
    theirs.lineage === ours.lineage
      ? `a newer state (${theirs.serial}) than the one to be carried there (${ours.serial})`
      : `another state, of ${theirs.resources.length} resources`;
  throw new AppError("state.conflict", `${to} holds ${why}: nothing of ${stack} was moved`, {
    hint: "see which of the two is right; another place is named by the STATE_ settings",
    exit: exitCodes.refused,
  });
}

function serial(state: string | undefined): number | undefined {
  return state === undefined ? undefined : parseState(state).serial;
}

/** The engine takes only what follows from what is there: a higher serial. */
function followedBy(there: string | undefined, state: string): string {
  if (there === undefined) return state;
  const content = parseExactly(state, rawNumber) as { serial: number };
  return JSON.stringify({ ...content, serial: Math.max(content.serial, parseState(there).serial + 1) });
}

function changed({ stack, from }: MoveResultHead, snapshot: string): AppError {
  return new AppError("state.changed", `the state of ${stack} in ${from} was changed while it was being carried away`, {
    hint: `the former place stays in force: run the same command again; the state before is in ${snapshot}`,
    exit: exitCodes.refused,
  });
}

/** The former place may be gone because it has another name now. */
function unreachable(error: unknown, { to }: MoveResultHead, { stateRecord }: LoadedStack["paths"]): unknown {
  if (!(error instanceof AppError) || error.exit !== exitCodes.failed) return error;
  const { code, message, hint, exit, problems } = error;
  const more = `; where ${to} is the former place under another name, remove ${stateRecord}`;
  return new AppError(code, message, { hint: hint + more, exit, problems, cause: error });
}
