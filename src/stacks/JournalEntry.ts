import type { ResourceAction } from "../events/Event.ts";

/** What one run was about to let the engine do. Written before it begins; holds no secrets. */
export interface JournalEntry {
  /** Id of the run. */
  run: string;
  operation: string;
  /** RFC 3339. */
  started: string;
  expected: readonly ExpectedChange[];
  /** The state before; absent where there was none. */
  state?: StateHead;
  /** Name of the copy of that state among the snapshots. */
  snapshot?: string;
  /** When it was known how it ended. Without it, recovery is due. */
  closed?: string;
  ending?: "finished" | "recovered" | "confirmed";
  /** The state that it left; only of what finished. */
  left?: StateHead;
}

export interface ExpectedChange {
  address: string;
  action: ResourceAction;
}

/** What every copy of a state says of itself, an encrypted one too. */
export interface StateHead {
  lineage: string;
  serial: number;
}
