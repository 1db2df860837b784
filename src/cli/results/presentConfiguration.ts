import type { Origin, StackConfiguration } from "../../configuration/StackConfiguration.ts";
import { exitCodes } from "../../exitCodes.ts";
import { renderTable } from "../../reporters/renderTable.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

/** Secrets print as `***` by themselves. */
export function presentConfiguration(configuration: StackConfiguration): CommandResult {
  const rows = configuration.values.map(({ key, value, origin }) => [key, String(value), originText(origin)]);
  return {
    command: "config show",
    ok: true,
    data: {
      stack: configuration.stack,
      values: configuration.values.map(({ key, value, origin }) => ({ key, value: String(value), origin })),
    },
    text: renderTable(["KEY", "VALUE", "ORIGIN"], rows),
    exit: exitCodes.done,
  };
}

function originText({ layer, file, line }: Origin): string {
  if (file === undefined) return layer;
  return line === undefined ? file : `${file}:${line}`;
}
