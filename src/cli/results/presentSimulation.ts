import { exitCodes } from "../../exitCodes.ts";
import type { ServedSimulation } from "../../operations/simulateProvider.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentSimulation(simulation: ServedSimulation): CommandResult {
  const { provider, origin, clients } = simulation;
  const lines = [
    `${provider} is simulated at ${origin}, until Ctrl-C`,
    `  stacks   landfall apply ENVIRONMENT/${provider} --rehearsal`,
    `  clients  ${clients.join(" ")}`,
  ];
  return { command: "simulate", ok: true, data: simulation, text: lines.join("\n"), exit: exitCodes.done };
}
