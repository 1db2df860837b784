import type { EngineResult } from "../../operations/runEngine.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentEngine(result: EngineResult): CommandResult {
  return { command: "tofu", ok: true, data: result, text: "", exit: result.status };
}
