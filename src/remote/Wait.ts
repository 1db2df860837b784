import type { Ports } from "../ports/Ports.ts";
import type { HostFacts } from "./HostFacts.ts";
import type { PreparationRun } from "./preparationScripts.ts";
import type { SshTarget } from "./SshTarget.ts";
import type { Phases } from "./trackPhases.ts";

export interface WaitRequest {
  /** Asked again until it gives an IP address or a host name; a sentence such as "No IP assigned yet" is none. */
  address: () => Promise<string | undefined>;
  target: (address: string) => SshTarget;
  /** `ENVIRONMENT/PROVIDER`, for what errors say. */
  stack: string;
  budgets: {
    /** From now until somebody can log in: all phases but the last share it. */
    sshMs: number;
    /** From then until the first boot, or the preparation, has finished. */
    cloudInitMs: number;
  };
  /** What takes the place of the first boot on a host that got no user data. */
  preparation?: Preparation;
  /** Ends when somebody can log in. */
  skipCloudInit?: boolean;
  signal?: AbortSignal;
}

export interface Preparation extends PreparationRun {
  /** Who logs in for that: root, or who may become root without a password. */
  user: string;
  /** Throws where the host cannot be prepared; nothing was done to it then. */
  judge(facts: HostFacts): void;
}

/** What the phases share. */
export interface Wait {
  request: WaitRequest;
  ports: Pick<Ports, "clock" | "network" | "processes" | "emit">;
  phases: Phases;
  /** Milliseconds until the budget for logging in is used up. */
  sshLeft(): number;
  /** Sleeps; throws `run.interrupted` where the user asked to stop. */
  pause(ms: number): Promise<void>;
  checkInterrupted(): void;
}
