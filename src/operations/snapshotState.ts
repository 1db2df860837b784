import { join } from "node:path";
import type { Secret } from "../configuration/Secret.ts";
import type { StackPaths } from "../stacks/stackPaths.ts";
import { parseState } from "../stacks/StateContent.ts";
import type { PreparedComputer } from "./prepareComputer.ts";
import { localPlace, stateStoreOf } from "./stateStoreOf.ts";
import type { RunContext } from "./withRun.ts";

/** Keeps a copy of a state, encrypted where there is a key, and gives its file. */
export async function snapshotState(
  state: string,
  key: Secret | undefined,
  { paths, computer }: { paths: StackPaths; computer: PreparedComputer },
  context: RunContext,
): Promise<string> {
  const { files } = context.ports;
  const { serial } = parseState(state);
  const file = join(paths.snapshots, `${context.run.id}-${serial}.tfstate`);
  await files.makeDirectory(paths.snapshots);
  await writeSnapshot(file, state, key, { paths, computer }, context);
  return file;
}

/** Writes a state to a file; the engine encrypts it. */
export async function writeSnapshot(
  file: string,
  state: string,
  key: Secret | undefined,
  { paths, computer }: { paths: StackPaths; computer: PreparedComputer },
  context: RunContext,
): Promise<void> {
  const { files } = context.ports;
  if (key === undefined) return files.write(file, state);
  // Not in the directory of the snapshots: a call that is cut off leaves nothing there that looks like one.
  const draft = join(paths.stateAccess, "snapshot.tfstate");
  await files.remove(draft);
  await stateStoreOf(localPlace(draft), { paths, name: "snapshot" }, computer, context).push(state, { key });
  // Read and written again: made durable, and private whatever the engine's own mode.
  await files.write(file, (await files.readBytes(draft)) ?? new Uint8Array());
  await files.remove(draft);
}
