import { describeProvider, type ProviderDescription } from "../providers/describeProvider.ts";
import { findProvider } from "../providers/findProvider.ts";
import { selfDescription } from "../providers/selfDescription.ts";
import { listProviders } from "./listProviders.ts";
import type { OperationContext } from "./OperationContext.ts";

/** What one provider says of itself in its manifest. Executes nothing of it but the info function of a plan-style folder. */
export async function describeProviderByName(name: string, context: OperationContext): Promise<ProviderDescription> {
  const provider = findProvider(await listProviders(context), name, context.workspace);
  const says = await selfDescription(provider, context);
  return { ...describeProvider(provider), ...(says === undefined ? {} : { says }) };
}
