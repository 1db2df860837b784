import { installEngine } from "../engine/toolchain/installEngine.ts";
import { locateEngine } from "../engine/toolchain/locateEngine.ts";
import { lockProviderPlugins } from "../engine/toolchain/lockProviderPlugins.ts";
import { findProvider } from "../providers/findProvider.ts";
import { standingOf } from "../providers/standingOf.ts";
import { requireAcceptance } from "../providers/requireAcceptance.ts";
import { recordAcceptance } from "./acceptProvider.ts";
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
  await requireAcceptance(provider, context);
  const engine = (await locateEngine(workspace, ports)) ?? (await installEngine(workspace, context.packageRoot, ports));
  const file = await lockProviderPlugins(provider, engine, ports);
  // What was accepted is still the same but for the file that was written here.
  const standing = await standingOf(provider, context);
  if (standing.kind === "changed") await recordAcceptance(provider, standing.content, context);
  return { provider: name, file };
}
