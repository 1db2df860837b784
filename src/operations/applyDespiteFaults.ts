import { AppError } from "../errors.ts";
import type { Fault } from "../rehearsal/Fault.ts";
import type { Simulator } from "../rehearsal/startSimulator.ts";
import { applyStack, type ApplyOptions } from "./applyStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { planStack } from "./planStack.ts";

/** What one run of the command met. */
export interface FaultReport {
  /** The number of the run, from 1. */
  run: number;
  /** How it ended: `done`, or the message that a user would see. */
  outcome: string;
  hint?: string;
}

/** More often nobody would try. */
const mostRuns = 5;

/**
 * Runs the same apply until everything is as it should be, as a user would who reads the messages. Without faults one
 * run has to do. Throws AppError `rehearsal.servers` unless exactly one server exists then.
 */
export async function applyDespiteFaults(
  options: ApplyOptions,
  faults: readonly Fault[],
  simulator: Simulator | undefined,
  context: OperationContext,
): Promise<{ resources: readonly string[]; faults: readonly FaultReport[] }> {
  const reports: FaultReport[] = [];
  const resources = new Set<string>();
  for (let run = 1; ; run += 1) {
    try {
      const { summary } = await applyStack(options, context);
      for (const { address, action } of summary.changes) if (action === "create") resources.add(address);
      reports.push({ run, outcome: "done" });
      const settled = faults.length === 0 || !(await planStack(options, context)).changes;
      if (settled || run === mostRuns) break;
    } catch (error) {
      if (!(error instanceof AppError) || faults.length === 0 || run === mostRuns) throw error;
      reports.push({ run, outcome: error.message, hint: error.hint });
      context.ports.emit({
        type: "notice",
        level: "info",
        code: "rehearsal.again",
        message: `run ${run} ended with: ${error.message}; the same command again`,
      });
    }
  }
  await checkServers(simulator, faults);
  return { resources: [...resources], faults: faults.length === 0 ? [] : reports };
}

async function checkServers(simulator: Simulator | undefined, faults: readonly Fault[]): Promise<void> {
  if (simulator === undefined) return;
  const servers = await simulator.servers();
  if (servers.length !== 1) {
    throw new AppError("rehearsal.servers", `after the apply there are ${servers.length} servers instead of one`, {
      hint: "mend findOrphans in provider.ts: it has to find what the state does not know",
      problems: servers.map(({ id, name }) => ({ message: `server ${name} (${id})` })),
    });
  }
  if (!simulator.faultsSpent()) {
    const names = faults.map(({ name, call }) => (call === undefined ? name : `${name}@${call}`)).join(", ");
    throw new AppError("rehearsal.noFault", `a fault did not strike, because its call was never made: ${names}`, {
      hint: `calls that were made: ${simulator
        .calls()
        .map(({ name }) => name)
        .join(", ")}`,
    });
  }
}
