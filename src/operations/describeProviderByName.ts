import { describeProvider, type ProviderDescription } from "../providers/describeProvider.ts";
import { findProvider } from "../providers/findProvider.ts";
import { listProviders } from "./listProviders.ts";
import type { OperationContext } from "./OperationContext.ts";

/** What one provider says of itself in its manifest. Executes nothing of it. */
export async function describeProviderByName(name: string, context: OperationContext): Promise<ProviderDescription> {
  return describeProvider(findProvider(await listProviders(context), name, context.workspace));
}
