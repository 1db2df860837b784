import { createHash } from "node:crypto";
import type { Files } from "../ports/Files.ts";
import { moduleTreeHash } from "../stacks/moduleTreeHash.ts";
import type { PlanBasis } from "../stacks/SavedPlan.ts";
import type { OpenStack } from "./openStack.ts";

/** What a plan of this stack is made from, as it is now. */
export async function planBasis(open: OpenStack, salt: string, files: Files): Promise<PlanBasis> {
  const { paths, provider, pluginEnvironment, state } = open;
  const environment = Object.entries(pluginEnvironment)
    .map(([name, value]) => [name, typeof value === "string" ? value : value.reveal()] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const inputs = (await files.read(paths.variables)) ?? "";
  return {
    configuration: digest(JSON.stringify([salt, inputs, environment])),
    plugins: digest((await files.readBytes(paths.engineLock)) ?? ""),
    module: await moduleTreeHash(paths, provider, files),
    state: state === undefined ? "none" : `${state.lineage} ${state.serial}`,
  };
}

export function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
