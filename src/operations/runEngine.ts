import { openStack } from "./openStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { readyStack } from "./readyStack.ts";
import { withRun } from "./withRun.ts";

export interface EngineResult {
  stack: string;
  status: number;
}

/** Gives the terminal to the engine, in the stack's directory and with its environment. */
export async function runEngine(
  options: { stack: string; arguments: readonly string[] },
  context: OperationContext,
): Promise<EngineResult> {
  const ready = await readyStack({ stack: options.stack, set: [], persist: true, yes: false }, context);
  return withRun(ready.loaded, "tofu", context, async (run) => {
    const open = await openStack(ready, run);
    return { stack: open.stack.name, status: await open.engine.raw(options.arguments) };
  });
}
