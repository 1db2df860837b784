import { dirname } from "node:path";
import { exitCodes } from "../../exitCodes.ts";
import type { RunReport, StackRuns } from "../../operations/runsOfStack.ts";
import { foldEvent } from "../../reporters/foldEvent.ts";
import { renderTable } from "../../reporters/renderTable.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";
import { emptyView } from "../../reporters/View.ts";
import { seconds } from "./seconds.ts";

export function presentRuns(result: StackRuns): CommandResult {
  const rows = result.runs.map(({ id, operation, started, durationMs, outcome }) => [
    id,
    operation,
    started,
    durationMs === undefined ? "-" : seconds(durationMs),
    outcome,
  ]);
  const text =
    rows.length === 0
      ? `${result.stack}: no runs`
      : `${renderTable(["RUN", "OPERATION", "STARTED", "TOOK", "OUTCOME"], rows)}\n\nlog of each: ${dirname(dirname(result.runs[0]?.log ?? ""))}/RUN/events.ndjson`;
  return { command: "runs", ok: true, data: result, text, exit: exitCodes.done };
}

export function presentRun(result: RunReport, verbose: boolean): CommandResult {
  const { stack, run, events, log } = result;
  const took = run.durationMs === undefined ? "" : `, ${seconds(run.durationMs)}`;
  const began = Date.parse(run.started);
  let view = emptyView;
  const lines = events.flatMap((event) => {
    const now = Date.parse(event.time);
    const folded = foldEvent(view, event, now, verbose);
    view = folded.view;
    const time = `[${((now - began) / 1000).toFixed(1).padStart(6)}s] `;
    return folded.facts.map(({ text }) => time + text);
  });
  const text = [
    run.id,
    `  stack     ${stack}`,
    `  operation ${run.operation}`,
    `  outcome   ${run.outcome}`,
    `  started   ${run.started}${took}`,
    `  by        ${run.user} on ${run.host}, process ${run.pid}`,
    `  log       ${log}`,
    ...lines,
  ];
  return { command: "runs show", ok: true, data: result, text: text.join("\n"), exit: exitCodes.done };
}
