import { AppError } from "../errors.ts";
import type { MachineReport } from "../providers/behaviour.ts";
import { loadBehaviour } from "../providers/loadBehaviour.ts";
import type { Stack } from "../stacks/Stack.ts";
import { loadStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { stackContext } from "./providerContext.ts";
import { stageOf } from "./stageOf.ts";

/** What the provider itself says of the machine; undefined where it has nothing to say. Never fails: the report says why. */
export async function inspectStack(
  stack: Stack,
  outputs: Readonly<Record<string, unknown>>,
  context: OperationContext,
): Promise<MachineReport | undefined> {
  try {
    const loaded = await loadStack({ stack: stack.name, set: [], persist: false }, context);
    if (loaded.configuration.unfetched.length > 0) {
      return { state: "unknown", detail: "its credentials are kept elsewhere, and are not fetched for that" };
    }
    const behaviour = await loadBehaviour(loaded.provider, context);
    const stage = await stageOf(loaded.provider, context, loaded.configuration.pluginEnvironment);
    const options = { unattended: true, stage, lookUp: noEngine };
    return await behaviour.inspectMachine?.(stackContext(loaded, options, outputs, context));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { state: "unknown", detail: error.message };
  }
}

/** Looking at a stack runs no engine. */
export async function noEngine(): Promise<never> {
  throw new AppError("provider.noEngine", "the plugin is not asked here", { hint: "plan asks it" });
}
