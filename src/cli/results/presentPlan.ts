import { exitCodes } from "../../exitCodes.ts";
import type { PlanResult } from "../../operations/planStack.ts";
import { planSummaryText } from "../../reporters/planSummaryText.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentPlan(result: PlanResult, detailedExitcode: boolean): CommandResult {
  return {
    command: "plan",
    ok: true,
    data: result,
    text: result.changes ? `${result.stack}:\n${planSummaryText(result.summary)}` : `${result.stack}: no changes`,
    exit: detailedExitcode && result.changes ? exitCodes.changes : exitCodes.done,
  };
}
