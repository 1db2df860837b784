import type { Emit } from "../events/Event.ts";
import type { Clock } from "./Clock.ts";
import type { Files } from "./Files.ts";
import type { Machine } from "./Machine.ts";
import type { Network } from "./Network.ts";
import type { Processes } from "./Processes.ts";
import type { Terminal } from "./Terminal.ts";

/** Every effect that an operation may have, in one bundle that `main.ts` builds. */
export interface Ports {
  files: Files;
  processes: Processes;
  clock: Clock;
  terminal: Terminal;
  network: Network;
  machine: Machine;
  emit: Emit;
}
