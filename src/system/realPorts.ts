import type { Emit } from "../events/Event.ts";
import type { Ports } from "../ports/Ports.ts";
import { realClock } from "./realClock.ts";
import { realFiles } from "./realFiles.ts";
import { realMachine } from "./realMachine.ts";
import { realNetwork } from "./realNetwork.ts";
import { realProcesses } from "./realProcesses.ts";
import { realTerminal } from "./realTerminal.ts";

/** The effects of this computer. `emit` is where facts go: a reporter, or nowhere. */
export function realPorts(emit: Emit = () => undefined): Ports {
  return {
    files: realFiles,
    processes: realProcesses,
    clock: realClock,
    terminal: realTerminal(),
    network: realNetwork,
    machine: realMachine(),
    emit,
  };
}
