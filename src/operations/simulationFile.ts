import { join } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { OperationContext, Stage } from "./OperationContext.ts";

/** Where a simulation says how it is reached; one for each provider and clone. */
export function simulationFile(provider: string, { workspace }: Pick<OperationContext, "workspace">): string {
  return join(workspace.rehearsal, "simulators", `${provider}.json`);
}

/** The simulation that is being served. Throws AppError `rehearsal.notRunning`. */
export async function findSimulation(provider: string, context: OperationContext): Promise<Stage & { origin: string }> {
  const found = await readSimulation(provider, context);
  if (found !== undefined) return found;
  throw new AppError("rehearsal.notRunning", `no simulation of ${provider} is being served`, {
    hint: `in another terminal: landfall simulate ${provider}; or rehearse everything in one go: landfall rehearse ENVIRONMENT/${provider}`,
    exit: exitCodes.prerequisites,
  });
}

/** Undefined where none answers. */
export async function readSimulation(
  provider: string,
  context: OperationContext,
): Promise<(Stage & { origin: string }) | undefined> {
  const { files, network } = context.ports;
  const text = await files.read(simulationFile(provider, context));
  if (text === undefined) return undefined;
  try {
    const stage = JSON.parse(text) as Stage & { origin: string };
    const { text: said } = await network.request({ url: `${stage.origin}/.landfall`, timeoutMs: 20_000 });
    return (JSON.parse(said) as { provider?: unknown }).provider === provider ? stage : undefined;
  } catch {
    // Left by one that was killed, or something else answers there.
    return undefined;
  }
}
