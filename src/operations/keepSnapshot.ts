import { basename, join } from "node:path";
import type { Engine } from "../engine/createEngine.ts";
import { inEvery } from "../stacks/createJournal.ts";
import type { StateHead } from "../stacks/JournalEntry.ts";
import { isSnapshotName } from "../stacks/listSnapshots.ts";
import { stateHead } from "../stacks/stateHead.ts";
import { parseState } from "../stacks/StateContent.ts";
import { snapshotPlaces, tellOfOneCopy } from "./journalOf.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { OpenStack } from "./openStack.ts";
import type { PreparedComputer } from "./prepareComputer.ts";
import { snapshotState } from "./snapshotState.ts";
import type { RunContext } from "./withRun.ts";

export interface KeptSnapshot {
  state: StateHead;
  /** Its name, the same in every place. */
  name: string;
}

/** Snapshots that belong to no open journal entry are removed beyond these. */
const mostSnapshots = 20;

/** Copies the state as it is now, encrypted as it is, into every place for snapshots. Undefined where there is nothing in it. */
export async function keepSnapshot(
  open: Pick<OpenStack, "stack" | "paths" | "configuration"> & { engine: Pick<Engine, "statePull"> },
  computer: PreparedComputer,
  run: RunContext,
): Promise<KeptSnapshot | undefined> {
  const { files } = run.ports;
  const { paths, configuration } = open;
  let content: Uint8Array | undefined;
  let state: StateHead | undefined;
  let name: string | undefined;
  if (configuration.state.backend === "local") {
    content = await files.readBytes(paths.state);
    state = stateHead(await files.read(paths.state));
    if (state !== undefined) name = `${run.run.id}-${state.serial}.tfstate`;
  } else {
    const text = await open.engine.statePull();
    // Some backends begin with a state of nothing, under a lineage that does not stay.
    if (text === undefined || parseState(text).resources.length === 0) return undefined;
    state = stateHead(text);
    const file = await snapshotState(text, configuration.state.key, { paths, computer }, run);
    content = await files.readBytes(file);
    name = basename(file);
  }
  if (content === undefined || state === undefined || name === undefined) return undefined;
  await keepInEveryPlace(name, content, open, run);
  return { state, name };
}

/** Writes a snapshot into every place for them; only the stack's own directory has to take it. */
export async function keepInEveryPlace(
  name: string,
  content: Uint8Array,
  loaded: Pick<LoadedStack, "stack" | "paths">,
  run: RunContext,
): Promise<void> {
  const { files } = run.ports;
  await inEvery(
    await snapshotPlaces(loaded, run),
    (error) => tellOfOneCopy(error, run),
    async (place) => {
      await files.makeDirectory(place);
      await files.write(join(place, name), content);
    },
  );
}

/** Keeps the newest, and those that an open entry of the journal names. */
export async function removeOldSnapshots(
  open: Pick<OpenStack, "stack" | "paths">,
  needed: readonly (string | undefined)[],
  run: RunContext,
): Promise<void> {
  const { files } = run.ports;
  const places = await snapshotPlaces(open, run);
  const removeFrom = async (place: string): Promise<void> => {
    const names = ((await files.list(place)) ?? []).filter(isSnapshotName);
    for (const name of names.slice(0, Math.max(0, names.length - mostSnapshots)))
      if (!needed.includes(name)) await files.remove(join(place, name));
  };
  await inEvery(places, (error) => tellOfOneCopy(error, run), removeFrom);
}
