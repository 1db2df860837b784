import { loadProviderSettings } from "../configuration/loadProviderSettings.ts";
import { neededByRun } from "../configuration/neededByRun.ts";
import type { Secret } from "../configuration/Secret.ts";
import type { Provider } from "../providers/Provider.ts";
import type { OperationContext } from "./OperationContext.ts";

export interface ProviderSettings {
  settings: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, Secret>>;
  /** As `StackConfiguration.unfetched`. */
  unfetched: readonly string[];
}

/**
 * A provider's settings without any environment: manifest, provider file, process environment. Nothing is required.
 * @param fetch whether secrets that are kept elsewhere are fetched; in a rehearsal they never are
 */
export async function providerSettings(
  provider: Provider,
  fetch: boolean,
  { workspace, ports, rehearsal }: OperationContext,
): Promise<ProviderSettings> {
  const request = { workspace, manifest: provider.manifest, rehearsal: rehearsal !== undefined };
  return loadProviderSettings(fetch && !request.rehearsal ? { ...request, needs: neededByRun } : request, ports);
}
