import { join } from "node:path";
import type { StateStore } from "../engine/createStateStore.ts";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { isEmptyState } from "../stacks/emptiedState.ts";
import { listSnapshots, type Snapshot } from "../stacks/listSnapshots.ts";
import { movedTo } from "../stacks/movedState.ts";
import { stateHead } from "../stacks/stateHead.ts";
import { addressOf, parseState } from "../stacks/StateContent.ts";
import { checkPlace, movedAway } from "./checkPlace.ts";
import { confirm } from "./confirmPlan.ts";
import { journalOf, snapshotPlaces } from "./journalOf.ts";
import { keepSnapshot } from "./keepSnapshot.ts";
import { knownState, type KnownState } from "./knownState.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { readyStack, type ReadyStack } from "./readyStack.ts";
import { newestReadable, readStateFile, restoreState } from "./restoreState.ts";
import type { StackOptions } from "./StackOptions.ts";
import { configuredPlace, stateStoreOf } from "./stateStoreOf.ts";
import { withRun, type RunContext } from "./withRun.ts";

export interface RestoreOptions extends StackOptions {
  /** Its name or the beginning of it; undefined: the newest good one, in place of a state that is damaged or gone. */
  snapshot: string | undefined;
}

export interface RestoreResult {
  stack: string;
  snapshot: Snapshot;
  /** Of the state as it is now. */
  serial: number;
  /** Where the state lies that was replaced; absent where there was none. */
  replaced?: string;
  /** What the stack knows again, and what it does not know any more. */
  remembered: readonly string[];
  forgotten: readonly string[];
}

/**
 * Puts a snapshot in the place of the state. What it replaces is kept. Where the stack may have forgotten something by
 * that, recovery is due: what exists is searched for before anything is made.
 */
export async function restoreSnapshot(options: RestoreOptions, context: OperationContext): Promise<RestoreResult> {
  const { stack, set, yes } = options;
  const ready = await readyStack({ stack, set, yes, persist: true }, context);
  return withRun(ready.loaded, "state restore", context, async (run) => {
    const { loaded, computer } = ready;
    const { paths, configuration } = loaded;
    const store = stateStoreOf(configuredPlace(configuration, paths), { paths, name: "current" }, computer, run);
    const known = await knownState(loaded, run);
    const current = await readCurrent(store, loaded, run);
    if (options.snapshot === undefined && isOwn(current, known)) throw whole(loaded.stack.name);
    const { snapshot, text } = await choose(options.snapshot, known, ready, run);

    const [now, then] = [thingsIn(current), thingsIn(text)];
    const remembered = then.filter((address) => !now.includes(address));
    const forgotten = now.filter((address) => !then.includes(address));
    tell(loaded.stack.name, snapshot, { remembered, forgotten }, run);
    await confirm("state restore", forgotten.length > 0 ? "forget" : "harmless", loaded, yes, run);

    const keep = () => keepSnapshot({ ...loaded, engine: { statePull: () => pull(store, loaded) } }, computer, run);
    const replaced = current === undefined ? await putDamagedAside(loaded, run) : (await keep())?.name;
    const isNewest = snapshot.state.serial >= known.serial && known.serial > 0;
    if (forgotten.length > 0 || (current === undefined && !isNewest)) await noteInJournal(snapshot, loaded, run);
    const serial = await restoreState(text, current === undefined ? 0 : parseState(current).serial, ready, run);
    // The newest from now on.
    await keep();
    return {
      stack: loaded.stack.name,
      snapshot,
      serial,
      ...(replaced === undefined ? {} : { replaced: join(paths.snapshots, replaced) }),
      remembered,
      forgotten,
    };
  });
}

/** The state as it is, decrypted; undefined where it is gone, cut off or damaged. */
async function readCurrent(store: StateStore, loaded: LoadedStack, run: RunContext): Promise<string | undefined> {
  const { stack, paths, configuration } = loaded;
  const { configured, text } = await checkPlace(loaded, run);
  const isFile = configuration.state.backend === "local";
  if (isFile && stateHead(await run.ports.files.read(paths.state)) === undefined) return undefined;
  try {
    const state = await pull(store, loaded);
    const moved = state === undefined ? undefined : movedTo(parseState(state));
    if (moved !== undefined) throw movedAway(stack.name, text(configured), moved);
    // Some backends begin with a state of nothing, under a lineage that does not stay.
    return !isFile && state !== undefined && isEmptyState(state) ? undefined : state;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // With a damaged ciphertext, no key fits; whether the key is right shows when the snapshot is read.
    if (isFile && ["engine.stateUnreadable", "engine.stateKey"].includes(error.code)) return undefined;
    throw error.code === "engine.stateUnreadable" ? occupied(text(configured), error) : error;
  }
}

/** The engine does not write over what it cannot read. */
function occupied(place: string, { code, message, exit, problems }: AppError): AppError {
  const hint = `keep a copy of what lies in ${place}, remove it there, then run the same command again`;
  return new AppError(code, message, { hint, exit, problems });
}

function pull(store: StateStore, { configuration }: LoadedStack): Promise<string | undefined> {
  const { key, previousKey } = configuration.state;
  return store.pull({ key, previousKey, plainToo: true });
}

function isOwn(state: string | undefined, { lineage, serial }: KnownState): boolean {
  if (state === undefined) return false;
  const head = parseState(state);
  return lineage === undefined || (head.lineage === lineage && head.serial >= serial);
}

async function choose(
  name: string | undefined,
  { lineage }: KnownState,
  ready: ReadyStack,
  run: RunContext,
): Promise<{ snapshot: Snapshot; text: string }> {
  const { loaded } = ready;
  const { stack, paths } = loaded;
  if (name === undefined) {
    const newest = await newestReadable(ready, { orOlder: true }, run);
    if (newest !== undefined) return newest;
    throw new AppError("state.noSnapshot", `there is no good snapshot of the state of ${stack.name}`, {
      hint: `landfall recover ${stack.name} searches for what exists, where the provider can be searched`,
      exit: exitCodes.recovery,
    });
  }
  const all = await listSnapshots(await snapshotPlaces(loaded, run), paths, run.ports.files);
  const [only, ...others] = all.filter((snapshot) => snapshot.name.startsWith(name));
  if (only === undefined || others.length > 0) {
    const problem = only === undefined ? `${stack.name} has no good snapshot` : "several snapshots begin with";
    throw new AppError("state.noSnapshot", `${problem} ${name}`, {
      hint: `landfall state snapshots ${stack.name} lists them`,
      exit: exitCodes.usage,
    });
  }
  if (lineage === undefined || only.state.lineage === lineage)
    return { snapshot: only, text: await readStateFile(only.file, ready, run) };
  throw new AppError("state.foreign", `${only.name} is a snapshot of another state than the one of ${stack.name}`, {
    hint: `choose one that has the lineage ${lineage}`,
    exit: exitCodes.refused,
  });
}

/** What a state knows, each thing with its id where it has one: what was replaced since is another thing. */
function thingsIn(state: string | undefined): string[] {
  if (state === undefined) return [];
  return parseState(state)
    .resources.filter(({ mode }) => mode !== "data")
    .flatMap(({ module, type, name, instances = [] }) =>
      instances.map(({ index_key: key, attributes }) => {
        const id = attributes?.["id"];
        const address = `${module === undefined ? "" : `${module}.`}${addressOf({ type, name }, key)}`;
        return typeof id === "string" ? `${address} (${id})` : address;
      }),
    );
}

function tell(
  stack: string,
  { name, time }: Snapshot,
  { remembered, forgotten }: Pick<RestoreResult, "remembered" | "forgotten">,
  { ports }: RunContext,
): void {
  const parts = [
    ...(remembered.length === 0 ? [] : [`known again: ${remembered.join(", ")}`]),
    ...(forgotten.length === 0 ? [] : [`forgotten: ${forgotten.join(", ")}`]),
  ];
  const change = parts.length === 0 ? "it knows the same things as the present one" : parts.join("; ");
  const message = `the state of ${stack} becomes ${name} of ${time}: ${change}`;
  ports.emit({ type: "notice", level: "warning", code: "state.restore", message });
}

async function putDamagedAside({ paths, configuration }: LoadedStack, run: RunContext): Promise<string | undefined> {
  const { files } = run.ports;
  if (configuration.state.backend !== "local") return undefined;
  const damaged = await files.readBytes(paths.state);
  if (damaged === undefined) return undefined;
  const name = `${run.run.id}-damaged.tfstate`;
  await files.makeDirectory(paths.snapshots);
  await files.write(join(paths.snapshots, name), damaged);
  return name;
}

/** Nobody is known to be about to make anything; that something may exist is. */
async function noteInJournal({ name, state }: Snapshot, loaded: LoadedStack, run: RunContext): Promise<void> {
  const { id, operation, started } = run.run;
  await (await journalOf(loaded, run)).write({ run: id, operation, started, expected: [], state, snapshot: name });
}

function whole(stack: string): AppError {
  return new AppError("state.whole", `the state of ${stack} is whole and the newest that is known`, {
    hint: `where an earlier one is meant, name it: landfall state snapshots ${stack} lists them`,
    exit: exitCodes.refused,
  });
}
