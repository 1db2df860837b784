/** One operation on one stack while it runs. */
export interface Run {
  /** Sorts by time: `20261123T093757123Z-4f2a9c`. */
  id: string;
  operation: string;
  /** 0700; holds what this run leaves. */
  directory: string;
  /** The run's log: one event in JSON per line. */
  events: string;
  /** RFC 3339. */
  started: string;
}

/** What is kept of a run. Without `outcome` it was cut short, or is at work. */
export interface RunRecord {
  id: string;
  operation: string;
  pid: number;
  host: string;
  user: string;
  /** RFC 3339. */
  started: string;
  finished?: string;
  outcome?: "done" | "failed" | "refused" | "interrupted";
  durationMs?: number;
}
