import type { OpenStack } from "./openStack.ts";

/** The outputs of the provider's module that are not sensitive. */
export async function readOutputs(open: Pick<OpenStack, "engine">): Promise<Record<string, unknown>> {
  const outputs = await open.engine.output();
  const value = outputs["provider"]?.value;
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
