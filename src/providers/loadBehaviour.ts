import type { ProviderBehaviour } from "./behaviour.ts";
import { loadProviderCode } from "./loadProviderCode.ts";
import type { CodeAccess, CodeOwner } from "./standingOf.ts";

const functions: Record<keyof ProviderBehaviour, true> = {
  checkPrerequisites: true,
  prepare: true,
  stopMachine: true,
  cleanUp: true,
  inspectMachine: true,
  findOrphans: true,
};

/** Loads the provider's own code, `provider.ts`; without that file a provider has no behaviour of its own. */
export async function loadBehaviour(provider: CodeOwner, access: CodeAccess): Promise<ProviderBehaviour> {
  return (await loadProviderCode(provider, "provider.ts", { functions: Object.keys(functions) }, access)) ?? {};
}
