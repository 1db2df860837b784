import { join } from "node:path";
import type { StackPaths } from "../stacks/stackPaths.ts";
import type { RunContext } from "./withRun.ts";

/**
 * What is left in the stack's directory of a state that was carried elsewhere. The file stays, under a name by which
 * neither the engine nor anybody else takes it for the state.
 */
export async function putStateAside(paths: StackPaths, { run, ports: { files } }: RunContext): Promise<void> {
  if (!(await files.exists(paths.state))) return;
  await files.makeDirectory(paths.snapshots);
  await files.rename(paths.state, join(paths.snapshots, `${run.id}-moved.tfstate`));
  await files.remove(`${paths.state}.backup`);
}
