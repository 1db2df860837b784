import { dirname, resolve } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { sampleValues } from "../configuration/sampleValues.ts";
import { providerVariable } from "../configuration/providerVariable.ts";
import type { Provider } from "../providers/Provider.ts";
import { shellQuote } from "../remote/shellQuote.ts";
import { findProvider } from "../providers/findProvider.ts";
import type { CallCount } from "../rehearsal/createJournal.ts";
import { parseFault } from "../rehearsal/parseFault.ts";
import { listProviders } from "./listProviders.ts";
import type { OperationContext } from "./OperationContext.ts";
import { readSimulation, simulationFile } from "./simulationFile.ts";
import { startStage } from "./startStage.ts";

export interface SimulateOptions {
  provider: string;
  /** 0: any free one. */
  port: number;
  /** File that keeps what exists. */
  data?: string | undefined;
  faults: readonly string[];
  boot: boolean;
  yes: boolean;
}

export interface ServedSimulation {
  provider: string;
  /** Such as `http://127.0.0.1:8123`. */
  origin: string;
  /** Where plugins and clients are to be pointed, and by which variable. */
  endpoint: { environment: string; value: string };
  /** The same and sample credentials, for programs that read the plugin's variables: `NAME=VALUE`, as words of a shell. */
  clients: readonly string[];
}

const dayMs = 24 * 60 * 60_000;

/**
 * Serves the simulated API of a provider until the user interrupts. `served` is called once it answers.
 * Throws AppError `rehearsal.served` where one is being served already: `--rehearsal` would not know which to use.
 */
export async function simulateProvider(
  options: SimulateOptions,
  served: (simulation: ServedSimulation) => void,
  context: OperationContext,
): Promise<readonly CallCount[]> {
  const { files, emit, clock } = context.ports;
  const faults = options.faults.map(parseFault);
  const provider = findProvider(await listProviders(context), options.provider, context.workspace);
  const other = await readSimulation(provider.name, context);
  if (other !== undefined) {
    throw new AppError(
      "rehearsal.served",
      `a simulation of ${provider.name} is being served already: ${other.origin}`,
      {
        hint: "use that one, or end it first (Ctrl-C where it runs)",
        exit: exitCodes.refused,
      },
    );
  }
  const { port, boot, yes } = options;
  const data = options.data === undefined ? {} : { data: resolve(options.data) };
  const { stage, simulator, close } = await startStage({ provider, faults, boot, port, yes, ...data }, context);
  const file = simulationFile(provider.name, context);
  try {
    await files.makeDirectory(dirname(file));
    await files.write(file, `${JSON.stringify(stage)}\n`);
    const { environment = "", path = "" } = provider.manifest.endpoint ?? {};
    const endpoint = { environment, value: stage.origin + path };
    const variables = { [environment]: endpoint.value, ...(await samplesOf(provider)), ...stage.environment };
    const clients = Object.entries(variables).map(([name, value]) => `${name}=${shellQuote(value)}`);
    served({ provider: provider.name, origin: stage.origin, endpoint, clients });
    // Not the signal alone: neither that nor the server keeps the process alive.
    while (!context.interrupt.aborted) await clock.sleep(dayMs, context.interrupt).catch(() => undefined);
  } finally {
    await files.remove(file);
    await close();
  }
  const calls = simulator.calls();
  const total = calls.reduce((sum, { count }) => sum + count, 0);
  emit({
    type: "notice",
    level: "info",
    code: "simulation.ended",
    message: `the simulation has ended after ${total} calls`,
  });
  return calls;
}

/** What rehearsals take for the secrets that have to be given. Nothing that the user has configured is looked at. */
async function samplesOf({ name, manifest }: Provider): Promise<Record<string, string>> {
  const { values } = await sampleValues({ values: new Map(), failed: new Set(), problems: [] }, manifest);
  const samples = Object.entries(manifest.settings).flatMap(([key, { secret, environment }]) => {
    const value = values.get(providerVariable(name, key))?.text;
    return secret && environment !== undefined && value !== undefined ? [[environment, value]] : [];
  });
  return Object.fromEntries(samples) as Record<string, string>;
}
