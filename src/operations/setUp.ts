import { installEngine } from "../engine/toolchain/installEngine.ts";
import { locateEngine } from "../engine/toolchain/locateEngine.ts";
import { findProvider } from "../providers/findProvider.ts";
import { loadBehaviour } from "../providers/loadBehaviour.ts";
import { diagnose, type Diagnosis } from "./diagnose.ts";
import { listProviders } from "./listProviders.ts";
import type { OperationContext } from "./OperationContext.ts";
import { prepareComputer } from "./prepareComputer.ts";
import { providerContext } from "./providerContext.ts";
import { providerSettings } from "./providerSettings.ts";
import { stageOf } from "./stageOf.ts";

/** Installs what is missing: the engine and, where a provider is named, everything that it needs. */
export async function setUp(
  options: { provider?: string | undefined; yes: boolean },
  context: OperationContext,
): Promise<Diagnosis> {
  const { ports, workspace } = context;
  if (options.provider === undefined) {
    if ((await locateEngine(workspace, ports)) === undefined) {
      await installEngine(workspace, context.packageRoot, ports);
    }
  } else {
    const provider = findProvider(await listProviders(context), options.provider, workspace);
    const behaviour = await loadBehaviour(provider, context);
    const unattended = options.yes || !ports.terminal.interactive;
    const settings = await providerSettings(provider, true, context);
    const stage = await stageOf(provider, context);
    const forProvider = providerContext(provider, settings, { unattended, stage }, context);
    await prepareComputer(provider, behaviour, forProvider, { yes: options.yes, partly: true }, context);
  }
  return diagnose({ provider: options.provider }, context);
}
