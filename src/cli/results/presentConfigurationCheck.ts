import type { StackConfiguration } from "../../configuration/StackConfiguration.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentConfigurationCheck(configuration: StackConfiguration): CommandResult {
  const stack = `${configuration.environment}/${configuration.provider}`;
  return {
    command: "config check",
    ok: true,
    data: { stack, files: configuration.files, values: configuration.values.length },
    text: `${stack}: the configuration is valid (${configuration.values.length} values from ${configuration.files.join(", ")})`,
    exit: exitCodes.done,
  };
}
