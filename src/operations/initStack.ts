import { openStack } from "./openStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import type { StackOptions } from "./StackOptions.ts";
import { readyStack } from "./readyStack.ts";
import { withRun } from "./withRun.ts";

export interface InitResult {
  stack: string;
  directory: string;
  engine: { program: string; version: string };
}

/** Prepares this computer and the stack's directory, up to where a plan could be made. */
export async function initStack(options: StackOptions, context: OperationContext): Promise<InitResult> {
  const ready = await readyStack({ ...options, persist: true }, context);
  return withRun(ready.loaded, "init", context, async (run) => {
    const open = await openStack(ready, run);
    const { program, version } = ready.computer.engine;
    return { stack: open.stack.name, directory: open.paths.directory, engine: { program, version } };
  });
}
