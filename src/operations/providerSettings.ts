import { loadProviderSettings } from "../configuration/loadProviderSettings.ts";
import type { Provider } from "../providers/Provider.ts";
import type { OperationContext } from "./OperationContext.ts";

/** A provider's settings without any environment: manifest, provider file, process environment. Nothing is required. */
export async function providerSettings(
  provider: Provider,
  { workspace, ports }: OperationContext,
): Promise<Record<string, string>> {
  return loadProviderSettings({ workspace, manifest: provider.manifest }, ports);
}
