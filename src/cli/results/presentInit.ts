import { exitCodes } from "../../exitCodes.ts";
import type { InitResult } from "../../operations/initStack.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentInit(result: InitResult): CommandResult {
  const text = `${result.stack} is initialized\n  directory  ${result.directory}\n  engine     OpenTofu ${result.engine.version}`;
  return { command: "init", ok: true, data: result, text, exit: exitCodes.done };
}
