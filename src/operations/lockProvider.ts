import { installEngine } from "../engine/toolchain/installEngine.ts";
import { locateEngine } from "../engine/toolchain/locateEngine.ts";
import { lockProviderPlugins } from "../engine/toolchain/lockProviderPlugins.ts";
import { findProvider } from "../providers/findProvider.ts";
import { listProviders } from "./listProviders.ts";
import type { OperationContext } from "./OperationContext.ts";

export interface ProviderLock {
  provider: string;
  file: string;
}

/** Records the checksums of a provider's plugin in its folder; needs the plugin registry. */
export async function lockProvider(name: string, context: OperationContext): Promise<ProviderLock> {
  const { ports, workspace } = context;
  const provider = findProvider(await listProviders(context), name, workspace);
  const engine = (await locateEngine(workspace, ports)) ?? (await installEngine(workspace, context.packageRoot, ports));
  return { provider: name, file: await lockProviderPlugins(provider, engine, ports) };
}
