import { exitCodes } from "../../exitCodes.ts";
import type { RefreshResult } from "../../operations/refreshStack.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentRefresh(result: RefreshResult): CommandResult {
  const text = result.changed
    ? `${result.stack}: the state was behind and is up to date now`
    : `${result.stack}: the state is up to date`;
  return { command: "refresh", ok: true, data: result, text, exit: exitCodes.done };
}
