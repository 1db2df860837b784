import type { ResourceAction } from "../events/Event.ts";

/** What one run was about to let the engine do. Written before it begins; holds no secrets. */
export interface JournalEntry {
  /** Id of the run. */
  run: string;
  operation: string;
  /** RFC 3339. */
  started: string;
  expected: readonly ExpectedChange[];
  /**
   * By which the provider is searched for what it made: name, labels and the settings that are not secret. Empty where
   * every call was answered, so that the state knows all of it.
   */
  soughtBy?: Readonly<Record<string, string>>;
  /** The state before; absent where there was none. */
  state?: StateHead;
  /** Name of the copy of that state among the snapshots. */
  snapshot?: string;
  /** When it was known how it ended. Without it, recovery is due. */
  closed?: string;
  /** `failed`: the engine said that it had not done all, and saved what it had done. */
  ending?: "finished" | "failed" | "recovered" | "confirmed";
  /** The state that it left; only of what finished or failed. */
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
