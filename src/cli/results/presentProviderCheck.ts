import type { CheckReport } from "../../operations/check/checkProvider.ts";
import { exitCodes, type ExitCode } from "../../exitCodes.ts";
import { renderTable } from "../../reporters/renderTable.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

const words = { passed: "ok", failed: "FAILED", warning: "warning", untested: "not tested" } as const;

/** Rules that are kept are counted; each is shown with `verbose`. */
export function presentProviderCheck(report: CheckReport, { verbose }: { verbose: boolean }): CommandResult {
  const { provider, level, counts, ok, tried } = report;
  const shown = report.verdicts.filter(({ verdict }) => verbose || verdict !== "passed");
  const rows = shown.flatMap(({ id, verdict, rule, reason, findings }) => [
    [id, words[verdict], reason ?? rule],
    ...findings.flatMap(({ message, where, hint }) => [
      ["", "", `${where === undefined ? "" : `${where}: `}${message}`],
      ...(hint === undefined ? [] : [["", "", `fix: ${hint}`]]),
    ]),
  ]);
  const sum = `${counts.passed} kept, ${counts.failed} broken, ${counts.warning} warnings, ${counts.untested} not tested`;
  const hidden = report.verdicts.length - shown.length;
  const text = [
    ...(rows.length === 0 ? [] : [renderTable(["RULE", "VERDICT", "DETAIL"], rows), ""]),
    ...(hidden === 0 ? [] : [`${hidden} rules are kept: --verbose shows them, too`]),
    ok && !tried
      ? `nothing of level ${level} could be tried; ${provider} keeps what was tried of contract ${report.contract}: ${sum}`
      : `${provider} ${ok ? "keeps" : "breaks"} contract ${report.contract} at level ${level}: ${sum}`,
  ].join("\n");
  return { command: "provider check", ok, data: report, text, exit: exitOf(report) };
}

function exitOf({ ok, tried }: CheckReport): ExitCode {
  if (!ok) return exitCodes.failed;
  return tried ? exitCodes.done : exitCodes.prerequisites;
}
