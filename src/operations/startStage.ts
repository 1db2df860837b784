import { join } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { createHost } from "../host/createHost.ts";
import { loadRehearsal } from "../providers/loadRehearsal.ts";
import type { Provider } from "../providers/Provider.ts";
import type { Fault } from "../rehearsal/Fault.ts";
import { startSimulator, type Simulator } from "../rehearsal/startSimulator.ts";
import { bootMachines } from "./bootMachines.ts";
import type { OperationContext, Stage } from "./OperationContext.ts";
import { noRehearsal } from "./stageOf.ts";

export interface StageOptions {
  provider: Provider;
  faults: readonly Fault[];
  /** Whether a server is backed by a machine that runs on this computer. */
  boot: boolean;
  /** 0: any free one. */
  port: number;
  data?: string;
  yes: boolean;
}

export interface RunningStage {
  stage: Stage & { origin: string };
  simulator: Simulator;
  /** Removes machines that were booted as well. */
  close(): Promise<void>;
}

function refuseLacking(flag: string, asked: boolean, reason: string | undefined, provider: string): void {
  if (!asked || reason === undefined) return;
  throw new AppError("rehearsal.lacks", `the simulation of ${provider} cannot do ${flag}: ${reason}`, {
    hint: `leave ${flag} out`,
    exit: exitCodes.usage,
  });
}

/** Starts the simulation of a provider's API. Throws AppError `rehearsal.none` where it has none. */
export async function startStage(options: StageOptions, context: OperationContext): Promise<RunningStage> {
  const { provider, faults, boot, port, data, yes } = options;
  const { ports, workspace } = context;
  const rehearsal = await loadRehearsal(provider, context);
  if (rehearsal === undefined || provider.manifest.endpoint === undefined) throw noRehearsal(provider.name);
  refuseLacking("--boot", boot, rehearsal.lacks?.boot, provider.name);
  refuseLacking("--data", data !== undefined, rehearsal.lacks?.data, provider.name);
  const cache = join(workspace.cache, "providers", provider.name);
  const unattended = yes || !ports.terminal.interactive;
  const booted = boot ? await bootMachines({ yes, owner: provider.name }, context) : undefined;
  const simulator = await startSimulator(
    {
      rehearsal,
      provider,
      cache,
      host: createHost({ scope: provider.name, cache, unattended }, ports),
      ...(booted === undefined ? {} : { machines: booted }),
      faults,
      port,
      ...(data === undefined ? {} : { data }),
    },
    ports,
  );
  return {
    stage: { origin: simulator.origin, booted: boot, environment: rehearsal.environment ?? {} },
    simulator,
    async close() {
      await simulator.close();
      await booted?.close();
    },
  };
}
