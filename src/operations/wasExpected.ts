import type { Orphan } from "../providers/behaviour.ts";
import type { JournalEntry } from "../stacks/JournalEntry.ts";
import { modulePrefix } from "./adoptOrphans.ts";

/** Whether the journal says that one of these runs was about to make it. */
export function wasExpected({ address }: Orphan, due: readonly JournalEntry[]): boolean {
  return due
    .flatMap(({ expected }) => expected)
    .some((change) => change.address === modulePrefix + address && change.action === "create");
}
