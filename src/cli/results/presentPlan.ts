import { exitCodes } from "../../exitCodes.ts";
import type { PlanResult } from "../../operations/planStack.ts";
import { planSummaryText } from "../../reporters/planSummaryText.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentPlan(result: PlanResult, detailedExitcode: boolean): CommandResult {
  return {
    command: "plan",
    ok: true,
    data: result,
    text: textOf(result),
    exit: detailedExitcode && result.changes ? exitCodes.changes : exitCodes.done,
  };
}

function textOf({ stack, changes, summary, out, expires }: PlanResult): string {
  if (!changes) return `${stack}: no changes`;
  const saved = out === undefined ? "" : `\nsaved until ${expires}: landfall apply ${out}`;
  return `${stack}:\n${planSummaryText(summary)}${saved}`;
}
