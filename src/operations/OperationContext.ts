import type { Workspace } from "../Workspace.ts";
import type { Ports } from "../ports/Ports.ts";

/** What every operation gets besides its own options. */
export interface OperationContext {
  ports: Ports;
  workspace: Workspace;
  /** Fires when the user asks to stop: the first Ctrl-C. */
  interrupt: AbortSignal;
  /** The folder of Landfall itself: the source build of the engine lives there. */
  packageRoot: string;
}
