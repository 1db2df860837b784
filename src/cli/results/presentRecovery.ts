import { exitCodes } from "../../exitCodes.ts";
import type { RecoveryResult } from "../../operations/recoverStack.ts";
import { planSummaryText } from "../../reporters/planSummaryText.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentRecovery(result: RecoveryResult): CommandResult {
  const { stack, due, state, made, adopted, removed, left, untainted, changes, summary } = result;
  const rows: [what: string, things: readonly string[]][] = [
    ["cut off", due.map(({ operation, started, run }) => `${operation} of ${started} (${run})`)],
    ["state", state.from === undefined ? [] : [`put back from ${state.from}`]],
    ["put aside", state.damaged === undefined ? [] : [state.damaged]],
    ["made since", state.from === undefined ? [] : made.map(({ address, id }) => `${address} (${id})`)],
    ["taken over", adopted.map(({ title, id }) => `${title} (${id})`)],
    ["kept", untainted],
    ["removed", removed.map(({ title, id }) => `${title} (${id})`)],
    ["left alone", left.map(({ title, id }) => `${title} (${id})`)],
  ];
  const lines = rows.flatMap(([what, things]) => things.map((thing) => `  ${what.padEnd(11)} ${thing}`));
  const end = changes
    ? [`what differs from the configuration:`, planSummaryText(summary), `next: landfall apply ${stack}`]
    : ["nothing differs from the configuration"];
  const heading = due.length === 0 ? `${stack}: no run was cut off` : `${stack} is recovered`;
  return {
    command: "recover",
    ok: true,
    data: result,
    text: [heading, ...lines, ...end].join("\n"),
    exit: exitCodes.done,
  };
}
