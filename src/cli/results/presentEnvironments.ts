import type { EnvironmentEntry } from "../../configuration/listEnvironments.ts";
import { exitCodes } from "../../exitCodes.ts";
import { renderTable } from "../../reporters/renderTable.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentEnvironments(entries: readonly EnvironmentEntry[]): CommandResult {
  const rows = entries.map(({ name, state, file }) => [name, state, file]);
  return {
    command: "environments",
    ok: true,
    data: { environments: entries },
    text: renderTable(["ENVIRONMENT", "STATE", "FILE"], rows),
    exit: exitCodes.done,
  };
}
