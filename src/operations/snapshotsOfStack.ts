import { listRuns } from "../stacks/listRuns.ts";
import { listSnapshots, type Snapshot } from "../stacks/listSnapshots.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import { warnOfRecovery } from "./checkRecovery.ts";
import { snapshotPlaces } from "./journalOf.ts";
import type { OperationContext } from "./OperationContext.ts";
import { selectExistingStack } from "./selectExistingStack.ts";

export interface StackSnapshots {
  stack: string;
  snapshots: readonly (Snapshot & {
    /** What the run did that kept it; undefined where its record is gone. */
    operation?: string;
  })[];
}

/** Good snapshots of one stack, newest first, from the stack's directory and from outside the clone. */
export async function snapshotsOfStack(selector: string, context: OperationContext): Promise<StackSnapshots> {
  const stack = await selectExistingStack(selector, context);
  const paths = stackPaths(context.workspace, stack);
  await warnOfRecovery({ stack, paths }, context);
  const places = await snapshotPlaces({ stack, paths }, context);
  const operations = new Map((await listRuns(paths, context.ports)).map(({ id, operation }) => [id, operation]));
  const snapshots = await listSnapshots(places, paths, context.ports.files);
  return {
    stack: stack.name,
    snapshots: snapshots.map((snapshot) => {
      const operation = operations.get(snapshot.run ?? "");
      return { ...snapshot, ...(operation === undefined ? {} : { operation }) };
    }),
  };
}
