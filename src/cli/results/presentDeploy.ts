import { exitCodes } from "../../exitCodes.ts";
import type { RollbackResult } from "../../operations/app/appRollback.ts";
import type { DeployResult } from "../../operations/app/deployStack.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";
import { seconds } from "./seconds.ts";

export function presentDeploy(result: DeployResult): CommandResult {
  const { stack, title, changed, release, previous, checks, durationMs } = result;
  const bad = checks.filter(({ outcome }) => outcome === "bad");
  const lines = [
    changed
      ? `${stack}: ${title} is deployed (${seconds(durationMs)})`
      : `${stack}: ${title} serves already, with the same content (${seconds(durationMs)})`,
    `  release  ${release.id}`,
    ...(changed ? [`  before   ${previous ?? "none"}`] : []),
    `  checks   ${checks.length === 0 ? "skipped" : `${checks.length - bad.length} of ${checks.length} are good`}`,
    ...bad.map(({ name, message, from }) => `           ${name}, from ${from}: ${message}`),
    `next: landfall app status ${stack}`,
  ];
  return { command: "deploy", ok: true, data: result, text: lines.join("\n"), exit: exitCodes.done };
}

export function presentRollback(result: RollbackResult): CommandResult {
  const { stack, release, previous } = result;
  const text = `${stack}: release ${release.id} serves again, in the place of ${previous ?? "none"}`;
  return { command: "app rollback", ok: true, data: result, text, exit: exitCodes.done };
}
