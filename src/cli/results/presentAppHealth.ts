import { exitCodes } from "../../exitCodes.ts";
import type { AppHealth } from "../../operations/app/appHealth.ts";
import { renderTable } from "../../reporters/renderTable.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentAppHealth(health: AppHealth): CommandResult {
  const { stack, release, checks, healthy } = health;
  const text = [
    `${stack}: release ${release.id} is ${healthy ? "healthy" : "not healthy"}`,
    renderTable(
      ["CHECK", "FROM", "", "WHAT WAS SEEN"],
      checks.map(({ name, from, outcome, message }) => [name, from, outcome, message]),
    ),
    ...(healthy ? [] : [`next: landfall app logs ${stack}`]),
  ];
  return {
    command: "app health",
    ok: true,
    data: health,
    text: text.join("\n"),
    exit: healthy ? exitCodes.done : exitCodes.failed,
  };
}
