/** What can be made to go wrong in a simulation. */
export const faultNames = [
  "rate-limit",
  "server-error",
  "reset",
  "slow",
  "out-of-stock",
  "action-fails",
  "answer-lost",
  "server-disappears",
] as const;

export type FaultName = (typeof faultNames)[number];

/** One fault to inject: `--fault NAME[@CALL]`. */
export interface Fault {
  name: FaultName;
  /** The number of the request, from 1, or the name of a call; by default the first call that makes a server. */
  call?: number | string;
}
