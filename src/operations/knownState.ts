import { readStateRecord } from "../stacks/stateRecord.ts";
import { journalOf } from "./journalOf.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";

export interface KnownState {
  /** By which a state is known to be the stack's own. */
  lineage: string | undefined;
  /** The highest that a run began with or left. */
  serial: number;
  /** Whether the last run destroyed the stack: a state from before is of no use. */
  destroyed: boolean;
}

/** What this clone knows of the state of a stack, apart from the state itself. */
export async function knownState(
  loaded: Pick<LoadedStack, "stack" | "paths">,
  context: OperationContext,
): Promise<KnownState> {
  const entries = await (await journalOf(loaded, context)).entries();
  const heads = entries.flatMap(({ state, left }) => [state, left]).filter((head) => head !== undefined);
  const lineage = heads.at(-1)?.lineage ?? (await readStateRecord(loaded.paths, context.ports.files))?.lineage;
  const last = entries.at(-1);
  return {
    lineage,
    serial: Math.max(0, ...heads.filter((head) => head.lineage === lineage).map(({ serial }) => serial)),
    destroyed: last?.operation === "destroy" && last.ending === "finished",
  };
}
