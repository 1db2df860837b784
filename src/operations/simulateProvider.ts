import { dirname, resolve } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
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
}

/**
 * Serves the simulated API of a provider until the user interrupts. `served` is called once it answers.
 * Throws AppError `rehearsal.served` where one is being served already: `--rehearsal` would not know which to use.
 */
export async function simulateProvider(
  options: SimulateOptions,
  served: (simulation: ServedSimulation) => void,
  context: OperationContext,
): Promise<readonly CallCount[]> {
  const { files, emit } = context.ports;
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
    served({ provider: provider.name, origin: stage.origin, endpoint: { environment, value: stage.origin + path } });
    if (!context.interrupt.aborted) {
      await new Promise((ended) => context.interrupt.addEventListener("abort", ended, { once: true }));
    }
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
