import { basename, dirname } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import { stateHead } from "./stateHead.ts";
import type { StackPaths } from "./stackPaths.ts";

/**
 * Refuses a state file that is empty or cut off: the engine would take it for no state at all and make everything a
 * second time. A missing file is fine. With `adopts`, the provider's own preparation deals with what a first creation
 * left, here or by its search, so an empty first state is removed instead. Throws AppError `state.unreadable`.
 */
export async function checkState(
  { state, directory }: Pick<StackPaths, "state" | "directory">,
  adopts: boolean,
  { files, emit }: Pick<Ports, "files" | "emit">,
): Promise<void> {
  const stack = `${basename(dirname(directory))}/${basename(directory)}`;
  const text = await files.read(state);
  if (text === undefined || stateHead(text) !== undefined) return;
  const backup = `${state}.backup`;
  const saved = await files.read(backup);
  if (adopts && text === "" && saved === undefined) {
    emit({
      type: "notice",
      level: "warning",
      code: "state.emptyFirst",
      message: `the first run of this stack was cut off before it had saved its state: ${state}`,
      hint: "it is made anew; what that run left on this computer is taken over",
    });
    await files.remove(state);
    return;
  }
  throw new AppError("state.unreadable", `the state file is ${text.trim() === "" ? "empty" : "damaged"}: ${state}`, {
    hint: `an earlier run was cut off: landfall recover ${stack} puts back the newest good copy`,
    exit: exitCodes.recovery,
  });
}
