import { locateEngine } from "../engine/toolchain/locateEngine.ts";
import { locatePlugin } from "../engine/toolchain/locatePlugin.ts";
import type { Prerequisite } from "../providers/behaviour.ts";
import { findProvider } from "../providers/findProvider.ts";
import { loadBehaviour } from "../providers/loadBehaviour.ts";
import type { Provider } from "../providers/Provider.ts";
import { collectPrerequisites } from "./collectPrerequisites.ts";
import { listProviders } from "./listProviders.ts";
import type { OperationContext } from "./OperationContext.ts";
import { providerContext } from "./providerContext.ts";
import { providerSettings } from "./providerSettings.ts";
import { stageOf } from "./stageOf.ts";

export interface Check {
  title: string;
  state: Prerequisite["state"];
  optional: boolean;
  detail?: string;
  fix?: string;
  /** Where it is missing, and `landfall setup` does what is needed. */
  bySetup?: true;
}

export interface Diagnosis {
  provider?: string;
  checks: readonly Check[];
  /** Whether everything that is mandatory is met. */
  ok: boolean;
}

/** Checks the engine and, where one is named, everything that a provider needs. Changes nothing. */
export async function diagnose(
  options: { provider?: string | undefined },
  context: OperationContext,
): Promise<Diagnosis> {
  const { ports, workspace } = context;
  const provider =
    options.provider === undefined
      ? undefined
      : findProvider(await listProviders(context), options.provider, workspace);
  const setup = `landfall setup${provider === undefined ? "" : ` ${provider.name}`}`;
  const [engine, plugin, prerequisites] = await Promise.all([
    locateEngine(workspace, ports),
    provider === undefined ? undefined : locatePlugin(provider, workspace, ports),
    provider === undefined ? [] : prerequisitesOf(provider, context),
  ]);
  const checks: Check[] = [
    {
      title: "engine",
      state: engine === undefined ? "missing" : "met",
      optional: false,
      ...(engine === undefined
        ? { fix: setup, bySetup: true as const }
        : { detail: `OpenTofu ${engine.version}, ${engine.origin}: ${engine.program}` }),
    },
    ...(provider === undefined
      ? []
      : [
          {
            title: "plugin",
            state: plugin === undefined ? ("missing" as const) : ("met" as const),
            optional: false,
            ...(plugin === undefined ? { fix: setup, bySetup: true as const } : { detail: plugin.description }),
          },
        ]),
    ...prerequisites.map(({ title, state, optional, detail, fix, perform }) => ({
      title,
      state,
      optional: optional === true,
      ...(detail === undefined ? {} : { detail }),
      ...(fix === undefined || state === "met" ? {} : { fix }),
      ...(perform === undefined || state !== "missing" ? {} : { bySetup: true as const }),
    })),
  ];
  return {
    ...(provider === undefined ? {} : { provider: provider.name }),
    checks,
    ok: checks.every(({ state, optional }) => state !== "missing" || optional),
  };
}

async function prerequisitesOf(provider: Provider, context: OperationContext): Promise<Prerequisite[]> {
  const behaviour = await loadBehaviour(provider, context);
  const settings = await providerSettings(provider, true, context);
  const stage = await stageOf(provider, context);
  return collectPrerequisites(
    provider.manifest.prerequisites,
    behaviour,
    providerContext(provider, settings, { unattended: true, stage }, context),
  );
}
