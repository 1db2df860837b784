import type { StackConfiguration } from "../configuration/StackConfiguration.ts";
import type { ProviderBehaviour } from "./behaviour.ts";
import { isPlanStyle } from "./isPlanStyle.ts";
import { loadProviderCode } from "./loadProviderCode.ts";
import type { LoadedBehaviour } from "./ModuleWrapper.ts";
import { requireAcceptance } from "./requireAcceptance.ts";
import type { ShellAccess } from "./shell/planStyleBehaviour.ts";
import type { CodeOwner } from "./standingOf.ts";

const functions: Record<keyof ProviderBehaviour, true> = {
  checkPrerequisites: true,
  prepare: true,
  stopMachine: true,
  cleanUp: true,
  inspectMachine: true,
  findOrphans: true,
};

/**
 * Loads the provider's own code, `provider.ts`; without that file a provider has no behaviour of its own. A folder in
 * the plan's own style has its functions instead, which see what the stack's configuration says.
 */
export async function loadBehaviour(
  provider: CodeOwner,
  access: ShellAccess,
  configuration?: StackConfiguration,
): Promise<LoadedBehaviour> {
  if (await isPlanStyle(provider.folder, access.ports.files)) {
    await requireAcceptance(provider, access);
    const { planStyleBehaviour } = await import("./shell/planStyleBehaviour.ts");
    return planStyleBehaviour(provider, access, configuration);
  }
  return (await loadProviderCode(provider, "provider.ts", { functions: Object.keys(functions) }, access)) ?? {};
}
