import { exitCodes } from "../../exitCodes.ts";
import type { AppReleases } from "../../operations/app/appReleases.ts";
import { renderTable } from "../../reporters/renderTable.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentAppReleases(result: AppReleases): CommandResult {
  const rows = result.releases.map(({ id, created, by, serves }) => [id, created, by, serves ? "serves" : ""]);
  const text =
    rows.length === 0 ? `${result.stack}: no releases` : renderTable(["RELEASE", "DEPLOYED", "BY", ""], rows);
  return { command: "app releases", ok: true, data: result, text, exit: exitCodes.done };
}
