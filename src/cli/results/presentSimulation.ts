import { exitCodes } from "../../exitCodes.ts";
import type { ServedSimulation } from "../../operations/simulateProvider.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentSimulation(simulation: ServedSimulation): CommandResult {
  const { provider, origin, endpoint } = simulation;
  const lines = [
    `${provider} is simulated at ${origin}, until Ctrl-C`,
    `  stacks   landfall apply ENVIRONMENT/${provider} --rehearsal`,
    `  clients  ${endpoint.environment}=${endpoint.value}`,
  ];
  return { command: "simulate", ok: true, data: simulation, text: lines.join("\n"), exit: exitCodes.done };
}
