import { readStateRecord } from "../stacks/stateRecord.ts";
import { journalOf } from "./journalOf.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";

export interface KnownState {
  /** By which a state is known to be the stack's own. */
  lineage: string | undefined;
  /** The highest that a run began with or left. */
  serial: number;
  /** Whether nothing from before is of use: the last run destroyed the stack, or began without any state. */
  outdated: boolean;
  /** Whether every run came to its end, and the last one left a state. */
  left: boolean;
}

/** What this clone knows of the state of a stack, apart from the state itself. */
export async function knownState(
  loaded: Pick<LoadedStack, "stack" | "paths">,
  context: OperationContext,
): Promise<KnownState> {
  const entries = await (await journalOf(loaded, context)).entries();
  // A run that began without a state, in a directory that was lost, say, began another state.
  const first = entries.findLastIndex(({ state, started }) => state === undefined && started !== "");
  const heads = entries
    .slice(Math.max(0, first))
    .flatMap(({ state, left }) => [state, left])
    .filter((head) => head !== undefined);
  const lineage = heads.at(-1)?.lineage ?? (await readStateRecord(loaded.paths, context.ports.files))?.lineage;
  const last = entries.at(-1);
  const ended = entries.every(({ closed }) => closed !== undefined);
  const outdated =
    (last?.operation === "destroy" && last.ending === "finished") || (first !== -1 && heads.length === 0);
  return {
    lineage,
    serial: Math.max(0, ...heads.filter((head) => head.lineage === lineage).map(({ serial }) => serial)),
    outdated,
    left: ended && !outdated && entries.findLast(({ ending }) => ending === "finished")?.left !== undefined,
  };
}
