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
  /** Whether the stack's own directory is lost, and the last run left a state. */
  lost: boolean;
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
  const own = (await context.ports.files.list(loaded.paths.journal)) ?? [];
  const ended = entries.every(({ closed }) => closed !== undefined);
  const outdated =
    (last?.operation === "destroy" && last.ending === "finished") || (first !== -1 && heads.length === 0);
  return {
    lineage,
    serial: Math.max(0, ...heads.filter((head) => head.lineage === lineage).map(({ serial }) => serial)),
    outdated,
    lost:
      own.length === 0 &&
      ended &&
      !outdated &&
      entries.findLast(({ ending }) => ending === "finished" || ending === "failed")?.left !== undefined,
  };
}
