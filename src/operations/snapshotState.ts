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
  if (key === undefined) await files.write(file, state);
  else {
    const draft = `${file}.new`;
    await files.remove(draft);
    await stateStoreOf(localPlace(draft), { paths, name: "snapshot" }, computer, context).push(state, { key });
    // Read and written again: made durable, and private whatever the engine's own mode.
    await files.write(file, (await files.readBytes(draft)) ?? new Uint8Array());
    await files.remove(draft);
  }
  return file;
}
