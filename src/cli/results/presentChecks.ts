import { exitCodes } from "../../exitCodes.ts";
import type { Diagnosis } from "../../operations/diagnose.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentChecks(command: "doctor" | "setup", diagnosis: Diagnosis): CommandResult {
  const lines = diagnosis.checks.flatMap(({ title, state, optional, detail, fix }) => [
    `${mark(state, optional)} ${title}${detail === undefined ? "" : `: ${detail}`}`,
    ...(fix === undefined ? [] : [`      fix: ${fix}`]),
  ]);
  const provider = diagnosis.provider === undefined ? "" : ` ${diagnosis.provider}`;
  const helps = diagnosis.checks.some(({ bySetup, optional }) => bySetup === true && !optional);
  // What setup left missing, it will leave so again.
  const next =
    command === "doctor" && helps ? `landfall setup${provider}` : `what is said above, then landfall doctor${provider}`;
  const end = diagnosis.ok ? "Everything that is needed is there." : `Something is missing. next: ${next}`;
  return {
    command,
    ok: true,
    data: diagnosis,
    text: [...lines, end].join("\n"),
    exit: diagnosis.ok ? exitCodes.done : exitCodes.prerequisites,
  };
}

function mark(state: string, optional: boolean): string {
  if (state === "met") return "[ ok ]";
  if (state === "unknown") return "[  ? ]";
  return optional ? "[skip]" : "[miss]";
}
