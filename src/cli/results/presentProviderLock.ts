import { exitCodes } from "../../exitCodes.ts";
import type { ProviderLock } from "../../operations/lockProvider.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentProviderLock(result: ProviderLock): CommandResult {
  return {
    command: "provider lock",
    ok: true,
    data: result,
    text: `the plugin of ${result.provider} is locked in ${result.file}; commit that file`,
    exit: exitCodes.done,
  };
}
