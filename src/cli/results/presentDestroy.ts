import { exitCodes } from "../../exitCodes.ts";
import type { DestroyResult } from "../../operations/destroyStack.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";
import { seconds } from "./seconds.ts";

export function presentDestroy(result: DestroyResult): CommandResult {
  const text = result.changed
    ? `${result.stack} is destroyed; nothing of it is left (${seconds(result.durationMs)})`
    : `${result.stack}: there was nothing to destroy (${seconds(result.durationMs)})`;
  return { command: "destroy", ok: true, data: result, text, exit: exitCodes.done };
}
