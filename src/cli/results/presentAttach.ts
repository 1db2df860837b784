import type { RunFinished } from "../../events/Event.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { AttachResult } from "../../operations/attachToStack.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

const exits: Record<RunFinished["outcome"], number> = {
  done: exitCodes.done,
  failed: exitCodes.failed,
  refused: exitCodes.refused,
  interrupted: exitCodes.failed,
};

export function presentAttach(result: AttachResult): CommandResult {
  const { stack, run, outcome } = result;
  const text =
    outcome === undefined
      ? `${run.operation} of ${stack} goes on; follow it again: landfall attach ${stack}`
      : `${run.operation} of ${stack}: ${outcome}`;
  return {
    command: "attach",
    ok: true,
    data: result,
    text,
    exit: outcome === undefined ? exitCodes.done : exits[outcome],
  };
}
