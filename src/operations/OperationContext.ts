import type { Workspace } from "../Workspace.ts";
import type { Ports } from "../ports/Ports.ts";

/** What every operation gets besides its own options. */
export interface OperationContext {
  ports: Ports;
  workspace: Workspace;
  /** Fires when the user asks to stop: the first Ctrl-C. */
  interrupt: AbortSignal;
  /** How long another run on the same stack is waited for; undefined: not at all. */
  waitMs?: number;
  /** The folder of Landfall itself: the source build of the engine lives there. */
  packageRoot: string;
  /** What is done is thrown away: nothing is kept outside of the clone, nor looked up there. */
  trial?: true;
  /** Set where everything is done to twins of the stacks, against simulated APIs. `workspace` is then that of the twins. */
  rehearsal?: RehearsalMode;
}

export interface RehearsalMode {
  /** Tells a machine on this computer that stands for a twin from the real one. */
  suffix: string;
  /** The simulation that was started for this rehearsal alone; without it, the one that `landfall simulate` serves. */
  stage?: Stage;
}

/** Where a provider's plugin talks to in a rehearsal. */
export interface Stage {
  /** Such as `http://127.0.0.1:8123`; undefined where the provider's machines are on this computer anyway. */
  origin: string | undefined;
  /** Whether a machine really runs where a server was made: only then it can be waited for. */
  booted: boolean;
  /** What the plugin gets besides. */
  environment: Readonly<Record<string, string>>;
}
