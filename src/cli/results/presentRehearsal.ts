import { exitCodes } from "../../exitCodes.ts";
import type { RehearsalReport } from "../../operations/rehearseStack.ts";
import { renderTable } from "../../reporters/renderTable.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";
import { seconds } from "./seconds.ts";

export function presentRehearsal(report: RehearsalReport): CommandResult {
  const { stack, steps, resources, calls, faults, booted, pluginVersion, realPluginVersion, durationMs } = report;
  const total = calls.reduce((sum, { count }) => sum + count, 0);
  const lines = [
    `${stack} was rehearsed: nothing is left of it (${seconds(durationMs)})`,
    `  plugin     ${pluginVersion ?? "none"}${realPluginVersion === undefined ? "" : `; the stack itself is locked to ${realPluginVersion}`}`,
    `  steps      ${steps.map(({ step, durationMs: took }) => `${step} ${seconds(took)}`).join(" · ")}`,
    `  resources  ${resources.join(", ")}`,
    ...faults.map(({ command, run, outcome }) => `  ${command} ${run}${" ".repeat(9 - command.length)}${outcome}`),
    ...(booted ? ["  machine    booted here; SSH answered and the first boot finished"] : []),
    ...(booted || calls.length === 0
      ? []
      : ["  machine    simulated: SSH and first boot were not waited for (--boot does)"]),
    ...(calls.length === 0 ? ["  machine    real, on this computer; SSH and first boot were not waited for"] : []),
    ...(calls.length === 0 ? [] : [`  API calls  ${total}`]),
  ];
  const table = renderTable(
    ["CALL", "COUNT", "FAILED"],
    calls.map(({ name, count, failed }) => [name, String(count), String(failed)]),
  );
  return {
    command: "rehearse",
    ok: true,
    data: report,
    text: calls.length === 0 ? lines.join("\n") : `${lines.join("\n")}\n\n${table}`,
    exit: exitCodes.done,
  };
}
