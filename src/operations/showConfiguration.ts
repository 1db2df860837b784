import type { StackConfiguration } from "../configuration/StackConfiguration.ts";
import { loadStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";

/** The resolved and valid configuration of a stack. Writes nothing. */
export async function showConfiguration(
  options: { stack: string; set: readonly string[] },
  context: OperationContext,
): Promise<StackConfiguration> {
  const { configuration } = await loadStack({ ...options, persist: false }, context);
  return configuration;
}
