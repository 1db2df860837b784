import { lastRun } from "../stacks/lastRun.ts";
import { listStacks } from "../stacks/listStacks.ts";
import type { Stack } from "../stacks/Stack.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import { readStateRecord } from "../stacks/stateRecord.ts";
import { recoveryDue } from "./checkRecovery.ts";
import { readKnownStack } from "./knownStack.ts";
import type { OperationContext } from "./OperationContext.ts";

/** The stacks that may have something at their provider: not those that were only planned, or destroyed to the end. */
export async function existingStacks(context: OperationContext): Promise<Stack[]> {
  const stacks = await listStacks(context.workspace, context.ports.files);
  const existing = await Promise.all(stacks.map((stack) => mayExist(stack, context)));
  return stacks.filter((_stack, index) => existing[index]);
}

async function mayExist(stack: Stack, context: OperationContext): Promise<boolean> {
  const { files } = context.ports;
  const paths = stackPaths(context.workspace, stack);
  const [known, run, record, state, due] = await Promise.all([
    readKnownStack(paths, files),
    lastRun(paths, files),
    readStateRecord(paths, files),
    files.exists(paths.state),
    recoveryDue({ stack, paths }, context),
  ]);
  if (known !== undefined || due !== undefined) return true;
  // What is kept for several, a colleague may have made again.
  if (record !== undefined && record.backend !== "local") return true;
  if (run?.operation === "destroy" && run.outcome === "done") return false;
  // Runs that only look leave nothing. Where a state is left, it says what there is.
  const looked = run === undefined || ["plan", "init"].includes(run.operation);
  return state || !looked;
}
