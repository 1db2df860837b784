import { AppError } from "../errors.ts";
import type { Event } from "../events/Event.ts";
import { exitCodes } from "../exitCodes.ts";
import { parseExactly, rawNumber } from "../parseExactly.ts";
import { emptiedState, isEmptyState } from "../stacks/emptiedState.ts";
import { listSnapshots, type Snapshot } from "../stacks/listSnapshots.ts";
import { sameState } from "../stacks/sameState.ts";
import { parseState } from "../stacks/StateContent.ts";
import { snapshotPlaces } from "./journalOf.ts";
import { knownState } from "./knownState.ts";
import type { OperationContext } from "./OperationContext.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { ReadyStack } from "./readyStack.ts";
import { writeSnapshot } from "./snapshotState.ts";
import { configuredPlace, localPlace, stateStoreOf } from "./stateStoreOf.ts";
import type { RunContext } from "./withRun.ts";

type Target = Pick<ReadyStack, "loaded" | "computer">;

/** Good snapshots of the stack's own state, newest first; none where they are of a former life of the stack. */
async function usableSnapshots(
  loaded: Pick<LoadedStack, "stack" | "paths">,
  context: OperationContext,
): Promise<Snapshot[]> {
  const { lineage, outdated } = await knownState(loaded, context);
  if (outdated) return [];
  const all = await listSnapshots(await snapshotPlaces(loaded, context), loaded.paths, context.ports.files);
  return all.filter(({ state }) => lineage === undefined || state.lineage === lineage);
}

/** The state in a file, decrypted. Throws AppError `engine.state*`. */
export async function readStateFile(file: string, { loaded, computer }: Target, run: RunContext): Promise<string> {
  const { paths, configuration } = loaded;
  const { key, previousKey } = configuration.state;
  const store = stateStoreOf(localPlace(file), { paths, name: "former" }, computer, run);
  return (await store.pull({ key, previousKey, plainToo: true })) ?? "";
}

/**
 * The newest of the usable snapshots that a present key fits, decrypted; undefined where there is no usable one. Others
 * that were written with another key are told of. Throws AppError `engine.state*` where no key fits any, and where one of
 * those has a higher serial, unless an older state will do.
 */
export async function newestReadable(
  target: Target,
  { orOlder }: { orOlder: boolean },
  run: RunContext,
): Promise<{ snapshot: Snapshot; text: string } | undefined> {
  const skipped: Snapshot[] = [];
  let unfit: AppError | undefined;
  for (const snapshot of await usableSnapshots(target.loaded, run)) {
    try {
      const text = await readStateFile(snapshot.file, target, run);
      const isOlder = skipped.some(({ state }) => state.serial > snapshot.state.serial);
      if (unfit !== undefined && isOlder && !orOlder) throw unfit;
      if (skipped.length > 0) run.ports.emit(otherKey(target.loaded.stack.name, skipped, snapshot.name));
      return { snapshot, text };
    } catch (error) {
      if (!(error instanceof AppError && isOfKey(error))) throw error;
      unfit ??= error;
      skipped.push(snapshot);
    }
  }
  if (unfit !== undefined) throw unfit;
  return undefined;
}

/** Whether a state could not be read because it is kept with another key. */
function isOfKey({ code }: AppError): boolean {
  return ["engine.stateKey", "engine.stateEncrypted"].includes(code);
}

function otherKey(stack: string, skipped: readonly Snapshot[], taken: string): Event {
  const names = skipped.map(({ name }) => name);
  return {
    type: "notice",
    level: "warning",
    code: "state.snapshotKey",
    message: `no key fits newer snapshots of the state of ${stack}: ${names.join(", ")}; an older one is taken, ${taken}`,
    hint: `where you have the key of their time, give it as STATE_ENCRYPTION_KEY_PREVIOUS, then: landfall state restore ${stack} ${names[0]}`,
  };
}

/**
 * Makes a former state the stack's state again, atomically. It gets a higher serial than any state that is known, so it is
 * never older than what others saw; the new serial is given.
 */
export async function restoreState(
  state: string,
  replaced: number,
  { loaded, computer }: Target,
  run: RunContext,
): Promise<number> {
  const { stack, paths, configuration } = loaded;
  const { key, previousKey, backend } = configuration.state;
  const serial = Math.max(parseState(state).serial, replaced, (await knownState(loaded, run)).serial) + 1;
  const next = `${JSON.stringify({ ...(parseExactly(state, rawNumber) as object), serial }, undefined, 2)}\n`;
  if (backend === "local") await writeSnapshot(paths.state, next, key, { paths, computer }, run);
  else {
    const store = stateStoreOf(configuredPlace(configuration, paths), { paths, name: "current" }, computer, run);
    const keys = { key, previousKey, plainToo: true };
    const before = await store.pull(keys);
    if (before === undefined || isEmptyState(before)) await store.push(emptiedState(next), keys, { force: true });
    await store.push(next, keys, { force: true });
    const there = await store.pull(keys);
    if (there === undefined || !sameState(next, there)) throw unlike(stack.name);
  }
  return serial;
}

function unlike(stack: string): AppError {
  return new AppError("state.conversion", `the state of ${stack} reads differently after it was put back`, {
    hint: `see what else writes to that place, then run the same command again`,
    exit: exitCodes.recovery,
  });
}
