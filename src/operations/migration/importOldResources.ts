import { AppError, type Problem } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { ResourceChange } from "../../engine/engineJson.ts";
import type { Orphan, ProviderBehaviour } from "../../providers/behaviour.ts";
import type { OldResource } from "../../stacks/readOldState.ts";
import { modulePrefix, moduleAddresses } from "../adoptOrphans.ts";
import { checkAddresses } from "../checkAddresses.ts";
import type { OpenStack } from "../openStack.ts";
import type { RunContext } from "../withRun.ts";

export interface Imported {
  address: string;
  from: OldResource;
}

/**
 * Imports into the open stack's own, still empty state what a plan would make and the old state holds: the same type of
 * resource, and the same name where there are several. Throws AppError `migrate.duplicate` where the provider has
 * something of this stack that the old state does not know, and `migrate.import` for what cannot be imported.
 */
export async function importOldResources(
  open: OpenStack,
  behaviour: ProviderBehaviour,
  old: readonly OldResource[],
  run: RunContext,
): Promise<Imported[]> {
  const orphans = (await behaviour.findOrphans?.(open.providerContext)) ?? [];
  if (orphans.length > 0) checkAddresses(orphans, { known: await moduleAddresses(open), exact: [] }, open.provider);
  refuseStrangers(orphans, old, open.stack.name);
  const imported: Imported[] = [];
  const problems: Problem[] = [];
  const wanted = (await plannedCreations(open, run)).filter((address) => address.startsWith(modulePrefix));
  for (const address of wanted) {
    const inside = address.slice(modulePrefix.length);
    const from = predecessorOf(inside, wanted, old, imported);
    if (from === undefined) continue;
    const orphan = orphans.find((candidate) => candidate.address === inside);
    try {
      await open.engine.import(address, orphan?.id ?? from.id);
      imported.push({ address, from });
    } catch (error) {
      if (!(error instanceof AppError) || run.interrupt.aborted) throw error;
      problems.push({
        where: from.address,
        message: `it cannot be imported as ${inside}: ${[error.message, ...error.problems.map(({ message }) => message)].join("; ")}`,
        hint: "where it does not exist any more: refresh the old state with the old tool",
      });
    }
  }
  if (problems.length === 0) return imported;
  throw new AppError("migrate.import", `not everything of the old state of ${open.stack.name} can be taken over`, {
    hint: "nothing was changed; go on with the old tool, or mend what is listed and migrate again",
    exit: exitCodes.refused,
    problems,
  });
}

function refuseStrangers(orphans: readonly Orphan[], old: readonly OldResource[], stack: string): void {
  const strangers = orphans.filter(
    ({ id, address }) => !old.some((own) => own.id === id || refersTo(own, id, address)),
  );
  if (strangers.length === 0) return;
  throw new AppError("migrate.duplicate", `the provider has things of ${stack} that the old state does not know`, {
    hint: "look at them in the provider's console: remove what is not needed, then migrate again",
    exit: exitCodes.refused,
    problems: strangers.map(({ title, id }) => ({ message: `${title} (${id})` })),
  });
}

/** Links between things, such as attachments, are often imported by the id of one of their ends. */
function refersTo({ type, attributes }: OldResource, id: string, address: string): boolean {
  return address.startsWith(`${type}.`) && Object.values(attributes).some((value) => String(value) === id);
}

async function plannedCreations({ engine, paths }: OpenStack, { ports }: RunContext): Promise<string[]> {
  const { changes } = await engine.plan({ out: paths.plan });
  const planned: ResourceChange[] = changes ? ((await engine.showPlan(paths.plan)).resource_changes ?? []) : [];
  await ports.files.remove(paths.plan);
  return planned.filter(({ change }) => change.actions.includes("create")).map(({ address }) => address);
}

/** `address` is that inside the provider's module, such as `acme_volume.data[0]`. */
function predecessorOf(
  address: string,
  wanted: readonly string[],
  old: readonly OldResource[],
  imported: readonly Imported[],
): OldResource | undefined {
  const type = address.split(".")[0] ?? "";
  const name = /\.([^.[]+)(\[[^\]]*\])?$/.exec(address)?.[1];
  const free = old.filter((own) => own.type === type && own.id !== "" && !imported.some(({ from }) => from === own));
  const rivals = wanted.filter((other) => other.startsWith(`${modulePrefix}${type}.`));
  const [only, ...more] = free;
  if (only !== undefined && more.length === 0 && rivals.length === 1) return only;
  return free.find((own) => own.name === name);
}
