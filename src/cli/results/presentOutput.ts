import { exitCodes } from "../../exitCodes.ts";
import type { StackOutputs } from "../../operations/outputsOfStack.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

/** One output is printed bare, for scripts. */
export function presentOutput(result: StackOutputs): CommandResult {
  const text =
    result.name === undefined
      ? Object.entries(result.outputs)
          .map(([name, value]) => `${name} = ${bare(value)}`)
          .join("\n")
      : bare(result.outputs[result.name]);
  return { command: "output", ok: true, data: result, text, exit: exitCodes.done };
}

function bare(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
