import { join } from "node:path";
import type { StackPaths } from "../stacks/stackPaths.ts";
import { stateHead } from "../stacks/stateHead.ts";
import { follows } from "./carryOut.ts";
import { knownState } from "./knownState.ts";
import type { ReadyStack } from "./readyStack.ts";
import { newestReadable, restoreState } from "./restoreState.ts";
import { configuredPlace, localPlace, stateStoreOf } from "./stateStoreOf.ts";
import type { RunContext } from "./withRun.ts";

export interface StateRepair {
  /** What the state was taken from; absent where it was whole. */
  from?: string;
  /** Where the damaged state lies now. */
  damaged?: string;
}

/**
 * Brings the state back to the newest that is known: the engine's emergency dump where it goes on from the state, the newest good
 * snapshot where the state is damaged or gone. What it replaces is put aside, never lost.
 */
export async function repairState(ready: ReadyStack, run: RunContext): Promise<StateRepair> {
  const { configuration } = ready.loaded;
  return configuration.state.backend === "local" ? repairFile(ready, run) : repairShared(ready, run);
}

async function repairFile(ready: ReadyStack, run: RunContext): Promise<StateRepair> {
  const { loaded } = ready;
  const { paths } = loaded;
  const { files } = run.ports;
  const text = await files.read(paths.state);
  const current = stateHead(text);
  const lineage = current?.lineage ?? (await knownState(loaded, run)).lineage;
  const dump = stateHead(await files.read(paths.dump));
  const isNewer =
    dump !== undefined && follows(dump, current ?? (lineage === undefined ? undefined : { lineage, serial: 0 }));
  let repair: StateRepair = {};
  if (text !== undefined && (current === undefined || isNewer)) {
    repair = {
      damaged: join(paths.snapshots, `${run.run.id}-${current === undefined ? "damaged" : "before"}.tfstate`),
    };
    await files.makeDirectory(paths.snapshots);
    await files.write(repair.damaged ?? "", (await files.readBytes(paths.state)) ?? "");
  }
  if (isNewer) {
    await files.write(paths.state, (await files.readBytes(paths.dump)) ?? "");
    repair.from = paths.dump;
  } else if (current === undefined) {
    const newest = await newestReadable(ready, { orOlder: false }, run);
    if (newest !== undefined) {
      await restoreState(newest.text, 0, ready, run);
      repair.from = newest.snapshot.file;
    } else if (text !== undefined) await files.remove(paths.state);
  }
  await putDumpAside(paths, run);
  if (repair.from !== undefined) tell(repair.from, loaded.stack.name, run);
  return repair;
}

/** A dump of the engine for a state that is kept elsewhere. */
async function repairShared(ready: ReadyStack, run: RunContext): Promise<StateRepair> {
  const { loaded, computer } = ready;
  const { paths, configuration, stack } = loaded;
  const settings = configuration.state;
  const { files } = run.ports;
  if (!(await files.exists(paths.dump))) return {};
  const keys = { key: settings.key, previousKey: settings.previousKey, plainToo: true };
  const left = await stateStoreOf(localPlace(paths.dump), { paths, name: "dump" }, computer, run).pull(keys);
  const store = stateStoreOf(configuredPlace(configuration, paths), { paths, name: "current" }, computer, run);
  const there = await store.pull({ key: settings.key });
  const isNewer = left !== undefined && follows(stateHead(left), stateHead(there));
  if (isNewer) await store.push(left, { key: settings.key });
  await putDumpAside(paths, run);
  if (!isNewer) return {};
  tell(paths.dump, stack.name, run);
  return { from: paths.dump };
}

async function putDumpAside(paths: StackPaths, run: RunContext): Promise<void> {
  const { files } = run.ports;
  if (!(await files.exists(paths.dump))) return;
  await files.makeDirectory(paths.snapshots);
  const aside = join(paths.snapshots, `${run.run.id}-dump.tfstate`);
  await files.rename(paths.dump, aside);
  await files.chmod(aside, 0o600);
}

function tell(from: string, stack: string, { ports }: RunContext): void {
  const message = `the state of ${stack} was put back from ${from}`;
  ports.emit({ type: "notice", level: "warning", code: "recovery.state", message });
}
