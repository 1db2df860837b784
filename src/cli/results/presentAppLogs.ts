import { exitCodes } from "../../exitCodes.ts";
import type { AppLogs } from "../../operations/app/appLogs.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentAppLogs(result: AppLogs): CommandResult {
  const widest = Math.max(0, ...result.lines.map(({ service }) => service.length));
  const text = result.lines.map(({ service, line }) => `${service.padEnd(widest)} | ${line}`).join("\n");
  return { command: "app logs", ok: true, data: result, text, exit: exitCodes.done };
}
