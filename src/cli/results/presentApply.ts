import { exitCodes } from "../../exitCodes.ts";
import type { ApplyResult } from "../../operations/applyStack.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";
import { seconds } from "./seconds.ts";

export function presentApply(result: ApplyResult): CommandResult {
  const twin = result.rehearsal ? " in rehearsal" : "";
  const heading = result.changed
    ? `${result.stack} is applied${twin}${result.ready ? " and ready" : ""} (${seconds(result.durationMs)})`
    : `${result.stack}: no changes${twin}${result.ready ? "" : "; the machine was not waited for"} (${seconds(result.durationMs)})`;
  const lines = [
    heading,
    `  name     ${result.vmName}`,
    `  address  ${result.address ?? "none yet"}`,
    ...(result.ssh === undefined
      ? []
      : [
          `  ssh      ${result.ssh}`,
          `  or       ./landfall ssh ${result.stack}${result.rehearsal ? " --rehearsal" : ""}`,
        ]),
    `  times    ${result.phases.map(({ phase, durationMs }) => `${phase} ${seconds(durationMs)}`).join(" · ")}`,
  ];
  return { command: "apply", ok: true, data: result, text: lines.join("\n"), exit: exitCodes.done };
}
