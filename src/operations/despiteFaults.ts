import { AppError } from "../errors.ts";
import type { OperationContext } from "./OperationContext.ts";

/** How one run of a command ended. */
export interface FaultReport {
  command: "apply" | "destroy";
  /** The number of the run, from 1. */
  run: number;
  /** `done`, or the message that a user would see. */
  outcome: string;
  hint?: string;
}

/** More often nobody would try. */
const mostRuns = 5;

/**
 * Runs the same command until it says that everything is as it should be (`true`), as a user would who reads the
 * messages. Without faults one run has to do, and its error is thrown.
 */
export async function despiteFaults(
  command: FaultReport["command"],
  faulty: boolean,
  work: () => Promise<boolean>,
  { ports }: OperationContext,
): Promise<FaultReport[]> {
  const reports: FaultReport[] = [];
  for (let run = 1; ; run += 1) {
    try {
      const settled = await work();
      reports.push({ command, run, outcome: "done" });
      if (settled || !faulty || run === mostRuns) return reports;
    } catch (error) {
      if (!(error instanceof AppError) || !faulty || run === mostRuns) throw error;
      reports.push({ command, run, outcome: error.message, hint: error.hint });
      const message = `${command}, run ${run}, ended with: ${error.message}; the same command again`;
      ports.emit({ type: "notice", level: "info", code: "rehearsal.again", message });
    }
  }
}
