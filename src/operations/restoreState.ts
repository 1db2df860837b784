import { AppError } from "../errors.ts";
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
export async function usableSnapshots(
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
