import type { Problem } from "../errors.ts";
import type { Orphan, ProviderBehaviour } from "../providers/behaviour.ts";
import type { JournalEntry } from "../stacks/JournalEntry.ts";
import { importOwn, refreshState, type Adoption } from "./adoptOrphans.ts";
import { withoutKeys } from "./checkAddresses.ts";
import type { OpenStack } from "./openStack.ts";
import { undecided } from "./recoverFirst.ts";
import { wasExpected } from "./wasExpected.ts";
import type { RunContext } from "./withRun.ts";

export interface Decisions {
  removed: Orphan[];
  /** What the user wants to keep, although the stack does not know it. */
  left: Orphan[];
  adopted: Orphan[];
  problems: Problem[];
}

/**
 * Asks what becomes of what cannot be imported without a question. With `yes` removes only what the journal says that a run
 * was about to make, and the labels say that it is ours, or with CONFIRM everything that nobody asks for; never one of two.
 */
export async function decideOrphans(
  { twice, unasked }: Adoption,
  due: readonly JournalEntry[],
  { open, behaviour, yes }: { open: OpenStack; behaviour: ProviderBehaviour; yes: boolean },
  run: RunContext,
): Promise<Decisions> {
  const decisions: Decisions = { removed: [], left: [], adopted: [], problems: [] };
  const { terminal, emit, machine } = run.ports;
  const { name } = open.stack;
  const { resources } = open.provider.manifest;
  const holders = [...resources.machine, ...resources.disk, ...resources.data];
  const { removeOrphan } = behaviour;
  const holds = ({ address }: Orphan): boolean => holders.includes(withoutKeys(address));
  // What may hold data of a protected environment goes only with the stack's name, as everywhere.
  const needsName = (orphan: Orphan): boolean => open.configuration.standard.protected && holds(orphan);
  const agreed = (orphan: Orphan): boolean =>
    yes && ((wasExpected(orphan, due) && !needsName(orphan)) || machine.environment["CONFIRM"] === name);
  const byHand = (orphan: Orphan, problem: Problem | undefined, orWith = ""): void => {
    const hint =
      removeOrphan === undefined
        ? `remove it at the provider by hand: ${orphan.id}`
        : `run landfall recover on a terminal, which asks${orWith}`;
    if (problem !== undefined) decisions.problems.push({ ...problem, hint });
  };
  const remove = async (orphan: Orphan): Promise<void> => {
    await removeOrphan?.(orphan, open.providerContext);
    decisions.removed.push(orphan);
    emit({ type: "notice", level: "warning", code: "recovery.removed", message: `${orphan.title} was removed` });
  };
  const wanted = async (orphan: Orphan, why: string): Promise<boolean> => {
    const content = holds(orphan) ? ", and what is on it" : "";
    const way = needsName(orphan) ? `: type ${name} ` : "? [y/N] ";
    const answer = await terminal.ask(`${orphan.title} (${orphan.id}): ${why}. Delete it${content}${way}`);
    if (needsName(orphan)) return answer === name;
    return answer !== undefined && ["y", "yes"].includes(answer.toLowerCase());
  };

  // What others hang on comes first in a search, so it goes last.
  for (const orphan of unasked.toReversed()) {
    const [problem] = undecided({ twice: [], unasked: [orphan] }, true);
    if (removeOrphan === undefined || (!terminal.interactive && !agreed(orphan))) {
      byHand(orphan, problem, `; without one --yes and CONFIRM=${name} delete it`);
    } else if (agreed(orphan) || (await wanted(orphan, "the configuration does not ask for it"))) {
      await remove(orphan);
    } else decisions.left.push(orphan);
  }

  for (const address of new Set(twice.map(({ orphan }) => orphan.address))) {
    const rivals = twice.filter(({ orphan }) => orphan.address === address);
    let kept = rivals[0]?.kept;
    if (kept === undefined && terminal.interactive) {
      const list = rivals.map(({ orphan }) => `  ${orphan.id}  ${orphan.title}`).join("\n");
      const answer = await terminal.ask(
        `${address} is there ${rivals.length} times:\n${list}\nType the id of the one to use: `,
      );
      const chosen = rivals.find(({ orphan }) => orphan.id === answer)?.orphan;
      if (chosen !== undefined) {
        await importOwn(chosen, open);
        decisions.adopted.push(chosen);
        kept = chosen.id;
      }
    }
    for (const { orphan } of rivals) {
      if (orphan.id === kept) continue;
      const [problem] = undecided({ twice: [{ orphan, kept }], unasked: [] }, true);
      if (removeOrphan === undefined || !terminal.interactive || kept === undefined) byHand(orphan, problem);
      else if (await wanted(orphan, `the stack uses ${kept} instead`)) await remove(orphan);
      else decisions.problems.push({ ...problem, message: problem?.message ?? "", hint: "delete one of the two" });
    }
  }
  if (decisions.adopted.length > 0) await refreshState(open, run);
  return decisions;
}
