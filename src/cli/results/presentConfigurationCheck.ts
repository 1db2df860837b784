import type { StackConfiguration } from "../../configuration/StackConfiguration.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentConfigurationCheck({ stack, provider, values, files }: StackConfiguration): CommandResult {
  const more = provider === "" ? `; with a provider: landfall config check ${stack}/PROVIDER` : "";
  return {
    command: "config check",
    ok: true,
    data: { stack, files, values: values.length },
    text: `${stack}: the configuration is valid (${values.length} values from ${files.join(", ")})${more}`,
    exit: exitCodes.done,
  };
}
