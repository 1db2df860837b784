/** Every status that Landfall ends with. Scripts rely on them: add, never renumber. */
export const exitCodes = {
  done: 0,
  /** The operation was tried and failed. */
  failed: 1,
  /** Only `plan --detailed-exitcode`: there are changes. */
  changes: 2,
  /** Usage or configuration; nothing was touched. */
  usage: 3,
  /** Prerequisites are missing; nothing was touched. */
  prerequisites: 4,
  /** A guard refused, or the user declined. */
  refused: 5,
  /** Another run holds the stack. */
  locked: 6,
  /** An earlier run was interrupted; recovery comes first. */
  recovery: 7,
  /** Only `status --check`: the machine does not exist. */
  absent: 8,
  /** Only `status --check`: the machine does not answer. */
  unreachable: 9,
  /** Only `status --check`: the machine has not finished its first boot. */
  unfinished: 10,
  /** A bug in Landfall. */
  bug: 70,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
