import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { StackConfiguration } from "../configuration/StackConfiguration.ts";
import type { Provider } from "../providers/Provider.ts";
import type { OperationContext, Stage } from "./OperationContext.ts";
import { findSimulation } from "./simulationFile.ts";

/** Machines on this computer are real in a rehearsal too. */
export const localStage: Stage = { origin: undefined, booted: true, environment: {} };

/**
 * Where the plugin of a provider talks to: undefined for the real thing. Throws AppError `rehearsal.none` where a
 * provider cannot be rehearsed, `rehearsal.notRunning`, and `rehearsal.realStack` where the user's environment, or a
 * setting that feeds the same variable, would lead a real run to a simulation.
 */
export async function stageOf(
  provider: Provider,
  context: OperationContext,
  configured: StackConfiguration["pluginEnvironment"] = {},
): Promise<Stage | undefined> {
  const { rehearsal, ports } = context;
  const { endpoint, capabilities, name } = provider.manifest;
  if (rehearsal === undefined) {
    const variable = endpoint?.environment ?? "";
    const places = [ports.machine.environment[variable], configured[variable]];
    const redirected = places.find((place) => typeof place === "string" && isLoopback(place));
    if (redirected === undefined) return undefined;
    throw new AppError(
      "rehearsal.realStack",
      `${endpoint?.environment} leads to ${redirected}, on this computer: a real stack is never made there`,
      {
        hint: `unset it, or the setting that feeds it; for a rehearsal run the same command with --rehearsal`,
        exit: exitCodes.refused,
      },
    );
  }
  if (rehearsal.stage !== undefined) return rehearsal.stage;
  if (capabilities.local === true) return localStage;
  if (endpoint === undefined) throw noRehearsal(name);
  return findSimulation(name, context);
}

export function noRehearsal(provider: string): AppError {
  return new AppError("rehearsal.none", `provider ${provider} cannot be rehearsed`, {
    hint: "its folder needs a rehearsal.ts and, in provider.yaml, an endpoint that redirects its plugin",
    exit: exitCodes.usage,
  });
}

function isLoopback(address: string): boolean {
  const host = URL.parse(address.includes("://") ? address : `http://${address}`)?.hostname ?? "";
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}
