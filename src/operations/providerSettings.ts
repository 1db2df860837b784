import { loadProviderSettings } from "../configuration/loadProviderSettings.ts";
import type { Secret } from "../configuration/Secret.ts";
import type { Provider } from "../providers/Provider.ts";
import type { OperationContext } from "./OperationContext.ts";

export interface ProviderSettings {
  settings: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, Secret>>;
}

/** A provider's settings without any environment: manifest, provider file, process environment. Nothing is required. */
export async function providerSettings(
  provider: Provider,
  { workspace, ports }: OperationContext,
): Promise<ProviderSettings> {
  return loadProviderSettings({ workspace, manifest: provider.manifest }, ports);
}
