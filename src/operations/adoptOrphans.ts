import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Orphan, ProviderBehaviour } from "../providers/behaviour.ts";
import { parseState, resourcesOf, type ModuleResource } from "../stacks/StateContent.ts";
import { bearsOtherLabels } from "./bearsOtherLabels.ts";
import { checkAddresses } from "./checkAddresses.ts";
import type { OpenStack } from "./openStack.ts";
import { sortOrphans, type SortedOrphans } from "./sortOrphans.ts";
import type { RunContext } from "./withRun.ts";

/** Every provider's module is called so in the root module. */
export const modulePrefix = "module.provider.";

export interface Adoption extends Pick<SortedOrphans, "twice" | "unasked"> {
  /** Everything that exists with the stack's labels. */
  found: readonly Orphan[];
  adopted: readonly Orphan[];
}

/**
 * Takes into the state what exists at the provider and the state does not know: what a lost answer or a killed run
 * left. What the configuration does not ask for, or what is there twice, is left where it is. Throws AppError
 * `provider.behaviour` for addresses that the module does not have.
 */
export async function adoptOrphans(open: OpenStack, behaviour: ProviderBehaviour, run: RunContext): Promise<Adoption> {
  const found = (await behaviour.findOrphans?.(open.providerContext)) ?? [];
  const held = found.length === 0 ? [] : await heldResources(open);
  const isHeld = ({ address, id }: Orphan): boolean => held.some((own) => own.address === address && own.id === id);
  const strangers = found.filter((orphan) => !isHeld(orphan));
  if (strangers.length === 0) return { found, adopted: [], twice: [], unasked: [] };
  const missing = await missingResources(open, run);
  const exact = [...held.map(({ address }) => address), ...missing];
  checkAddresses(strangers, { known: await moduleAddresses(open), exact }, open.provider);
  const { adopt, twice, unasked } = sortOrphans(found, held, missing);
  if (adopt.some(({ forget }) => forget)) await refreshState(open, run);
  const adopted: Orphan[] = [];
  for (const { orphan } of adopt) {
    if (!(await importThere(orphan, open, run))) continue;
    adopted.push(orphan);
    run.ports.emit({
      type: "notice",
      level: "warning",
      code: "orphan.adopted",
      message: `${orphan.title} exists already and is taken over: an earlier run made it and could not save that`,
    });
  }
  if (adopted.length > 0) await refreshState(open, run);
  return { found, adopted, twice, unasked };
}

/** False for what was listed and does not exist: lists may be older than the things, or name what a machine refers to. */
async function importThere(orphan: Orphan, open: OpenStack, { ports }: RunContext): Promise<boolean> {
  try {
    await importOwn(orphan, open);
    return true;
  } catch (error) {
    if (!(error instanceof AppError) || !isAbsent(error)) throw error;
    const message = `${orphan.title} is listed and does not exist: it is made anew`;
    ports.emit({ type: "notice", level: "warning", code: "orphan.absent", message });
    return false;
  }
}

function isAbsent({ message, problems }: AppError): boolean {
  return [message, ...problems.map((problem) => problem.message)].some((text) =>
    /non-existent remote object/.test(text),
  );
}

/** Of everything that the module can make, without keys. */
export async function moduleAddresses({ engine, provider }: OpenStack): Promise<string[]> {
  const { root_module: module } = await engine.moduleDescription(provider.folder);
  return (module.resources ?? []).filter(({ mode }) => mode === "managed").map(({ address }) => address);
}

/** What the state knows now; it may have changed since the run began. */
export async function heldResources({ engine }: OpenStack): Promise<ModuleResource[]> {
  const state = await engine.statePull();
  return state === undefined ? [] : resourcesOf(parseState(state), "module.provider");
}

/** Imports what was found. What turns out to be another stack's is given back: throws AppError `recovery.foreign`. */
export async function importOwn({ address, id, title }: Orphan, open: OpenStack): Promise<void> {
  const full = modulePrefix + address;
  await open.engine.import(full, id);
  const imported = (await heldResources(open)).find((resource) => resource.address === address);
  if (!bearsOtherLabels(imported?.attributes ?? {}, open.providerContext.inputs.labels)) return;
  await open.engine.stateRemove(full);
  throw new AppError("recovery.foreign", `${title} (${id}) bears the labels of another stack: it is not taken over`, {
    hint: `see whose it is; the search of provider ${open.provider.name} (findOrphans) should not have found it`,
    exit: exitCodes.recovery,
  });
}

/** Addresses inside the module that a plan would make: not in the state, or in the state and gone. */
async function missingResources({ engine, paths }: OpenStack, { ports }: RunContext): Promise<string[]> {
  const out = searchPlan(paths);
  const { changes } = await engine.plan({ out });
  const planned = changes ? ((await engine.showPlan(out)).resource_changes ?? []) : [];
  await ports.files.remove(out);
  return planned
    .filter(({ address, change }) => address.startsWith(modulePrefix) && change.actions.join() === "create")
    .map(({ address }) => address.slice(modulePrefix.length));
}

/**
 * Reads again what the state knows. What is gone is forgotten; and what was imported learns what it hangs on, without
 * which a destroy would take everything down at once. Only that: an output of what is not there yet may be an error.
 */
export async function refreshState(open: OpenStack, { ports }: RunContext): Promise<void> {
  const { engine, paths } = open;
  const targets = (await heldResources(open)).map(({ address }) => modulePrefix + address);
  if (targets.length === 0) return;
  const out = searchPlan(paths);
  await engine.plan({ out, refreshOnly: true, targets });
  // Also where it shows no change: dependencies are none to the engine.
  await engine.apply(out);
  await ports.files.remove(out);
}

/** A file of its own: what somebody has agreed to may lie in the stack's plan file. */
function searchPlan({ plan }: OpenStack["paths"]): string {
  return `${plan}.search`;
}
