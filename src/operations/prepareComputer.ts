import type { Located } from "../engine/toolchain/locateEngine.ts";
import { locateEngine } from "../engine/toolchain/locateEngine.ts";
import { installEngine } from "../engine/toolchain/installEngine.ts";
import { preparePlugin, type PluginSource } from "../engine/toolchain/preparePlugin.ts";
import { locatePlugin } from "../engine/toolchain/locatePlugin.ts";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Prerequisite, ProviderBehaviour, ProviderContext } from "../providers/behaviour.ts";
import type { Provider } from "../providers/Provider.ts";
import { requireAcceptance } from "../providers/requireAcceptance.ts";
import { checkInterrupted } from "./checkInterrupted.ts";
import { collectPrerequisites } from "./collectPrerequisites.ts";
import type { OperationContext } from "./OperationContext.ts";
import { performFixes } from "./performFixes.ts";

export interface PreparedComputer {
  engine: Located;
  plugin: PluginSource;
}

export interface PreparationOptions {
  yes: boolean;
  /** Do what can be done here and leave what only a person can do, such as credentials. */
  partly?: boolean;
}

/** Rounds of fixing and checking again: a fix can bring to light what could not be checked before. */
const mostRounds = 5;

/**
 * Brings this computer to where the provider can work: engine, plugin, and what the provider needs.
 * Asks once on a terminal before it changes anything; without one, or with `yes`, it says what it does.
 */
export async function prepareComputer(
  provider: Provider,
  behaviour: ProviderBehaviour,
  providerContext: ProviderContext,
  { yes, partly = false }: PreparationOptions,
  context: OperationContext,
): Promise<PreparedComputer> {
  const { ports, workspace } = context;
  await requireAcceptance(provider, context);
  const collect = (): Promise<Prerequisite[]> =>
    collectPrerequisites(provider.manifest.prerequisites, behaviour, providerContext);

  const [found, plugin, prerequisites] = await Promise.all([
    locateEngine(workspace, ports),
    locatePlugin(provider, workspace, ports),
    collect(),
  ]);
  const missing = fixable(prerequisites, partly);
  const wanted = [
    ...(found === undefined ? ["the engine, OpenTofu"] : []),
    ...(plugin === undefined ? [`the plugin of provider ${provider.name}`] : []),
    ...missing.map((prerequisite) => prerequisite.title),
  ];
  if (wanted.length > 0) await agree(wanted, yes, context);

  const [engine, preparedPlugin] = await Promise.all([
    found ?? installEngine(workspace, context.packageRoot, ports),
    plugin ?? preparePlugin(provider, workspace, ports),
    fixAll(missing, async () => fixable(await collect(), partly), context),
  ]);
  return { engine, plugin: preparedPlugin };
}

async function fixAll(
  missing: Prerequisite[],
  stillFixable: () => Promise<Prerequisite[]>,
  context: OperationContext,
): Promise<void> {
  for (let round = 1; missing.length > 0; round += 1) {
    await performFixes(missing);
    checkInterrupted(context);
    missing = await stillFixable();
    if (round === mostRounds && missing.length > 0) throw stillMissing(missing);
  }
}

/** What is missing and can be mended; throws where something mandatory is missing that only a person can mend. */
function fixable(prerequisites: readonly Prerequisite[], partly: boolean): Prerequisite[] {
  const missing = prerequisites.filter(({ state, optional }) => state === "missing" && optional !== true);
  const stuck = missing.filter(({ perform }) => perform === undefined);
  if (stuck.length > 0 && !partly) throw stillMissing(stuck);
  return missing.filter(({ perform }) => perform !== undefined);
}

function stillMissing(missing: readonly Prerequisite[]): AppError {
  return new AppError("prerequisites.missing", "this computer lacks what the provider needs", {
    hint: "do what is said above, then run the same command again",
    exit: exitCodes.prerequisites,
    problems: missing.map(({ title, detail, fix }) => ({
      message: detail === undefined ? title : `${title}: ${detail}`,
      ...(fix === undefined ? {} : { hint: fix }),
    })),
  });
}

async function agree(wanted: readonly string[], yes: boolean, context: OperationContext): Promise<void> {
  const { emit, terminal } = context.ports;
  emit({
    type: "notice",
    level: "info",
    code: "preparation.needed",
    message: `to be prepared on this computer: ${wanted.join("; ")}`,
  });
  if (yes || !terminal.interactive) return;
  const answer = await terminal.ask("Prepare this now? [Y/n] ");
  if (answer !== undefined && ["", "y", "yes"].includes(answer.toLowerCase())) return;
  throw new AppError("preparation.declined", "nothing was prepared, as you said", {
    hint: "run the same command again, or prepare by hand what landfall doctor names",
    exit: exitCodes.refused,
  });
}
