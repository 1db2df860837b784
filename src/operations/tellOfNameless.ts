import type { Orphan, ProviderBehaviour } from "../providers/behaviour.ts";
import type { JournalEntry } from "../stacks/JournalEntry.ts";
import { heldResources } from "./adoptOrphans.ts";
import type { OpenStack } from "./openStack.ts";
import { wasExpected } from "./wasExpected.ts";
import type { RunContext } from "./withRun.ts";

/**
 * Says what may be of a run that was cut off and cannot be told from what is not: the journal expected such a thing, the
 * state has none, and what exists bears no sign of whose it is. Gives what it told of.
 */
export async function tellOfNameless(
  due: readonly JournalEntry[],
  open: OpenStack,
  { findNameless }: ProviderBehaviour,
  run: RunContext,
): Promise<Orphan[]> {
  if (due.length === 0 || findNameless === undefined) return [];
  const held = new Set((await heldResources(open)).map(({ address }) => address));
  const nameless = (await findNameless(open.providerContext)).filter(
    (one) => wasExpected(one, due) && !held.has(one.address),
  );
  for (const { title } of nameless)
    run.ports.emit({
      type: "notice",
      level: "warning",
      code: "recovery.nameless",
      message: `${title} may be what the run that was cut off was making, and may cost money; nothing at the provider says whose it is`,
      hint: "where nobody else needs it, remove it at the provider",
    });
  return nameless;
}
