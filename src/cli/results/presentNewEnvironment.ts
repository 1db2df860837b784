import { exitCodes } from "../../exitCodes.ts";
import type { NewEnvironment } from "../../operations/createEnvironment.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentNewEnvironment(result: NewEnvironment): CommandResult {
  return {
    command: "environment new",
    ok: true,
    data: result,
    text: `${result.file}: written from the template of ${result.from}; it holds no secret, commit it\nnext: landfall configure ${result.environment}`,
    exit: exitCodes.done,
  };
}
