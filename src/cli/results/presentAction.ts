import type { ActionOutcome } from "../../operations/runAction.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

/** What a child with the terminal printed was seen already. */
export function presentAction({ stack, action, status = 0, text = "", data = {} }: ActionOutcome): CommandResult {
  return { command: "provider run", ok: true, data: { stack, action, status, text, data }, text, exit: status };
}
