import type { Orphan, ProviderBehaviour } from "../providers/behaviour.ts";
import type { OpenStack } from "./openStack.ts";
import type { RunContext } from "./withRun.ts";

/** Every provider's module is called so in the root module. */
const modulePrefix = "module.provider.";

/**
 * Takes into the state what exists at the provider and the state does not know: what a lost answer or a killed run
 * left. Only looked for where no finished apply is known, so a plain apply costs no call. What the configuration does
 * not ask for is left where it is.
 */
export async function adoptOrphans(open: OpenStack, behaviour: ProviderBehaviour, run: RunContext): Promise<void> {
  if (behaviour.findOrphans === undefined || open.known !== undefined) return;
  const { emit } = run.ports;
  // The state may have changed since the run began: a rate limit cuts an apply short.
  const held = (await open.engine.statePull()) === undefined ? [] : await open.engine.stateList();
  const orphans = (await behaviour.findOrphans(open.providerContext)).filter(
    ({ address }) => !held.includes(modulePrefix + address),
  );
  if (orphans.length === 0) return;
  const missing = await plannedCreations(open, run);
  const tell = (orphan: Orphan, code: string, what: string, hint?: string): void =>
    emit({
      type: "notice",
      level: "warning",
      code,
      message: `${orphan.title} exists already and is ${what}`,
      ...(hint === undefined ? {} : { hint }),
    });
  for (const orphan of orphans) {
    const address = modulePrefix + orphan.address;
    if (missing.includes(address)) {
      tell(orphan, "orphan.adopted", "taken over: an earlier run made it and could not save that");
      await open.engine.import(address, orphan.id);
    } else {
      tell(
        orphan,
        "orphan.left",
        "left alone: the configuration does not ask for it",
        "remove it by hand, or configure it again and apply",
      );
    }
  }
}

/** Addresses that a plan would make: what is configured and not in the state. */
async function plannedCreations({ engine, paths }: OpenStack, { ports }: RunContext): Promise<string[]> {
  const { changes } = await engine.plan({ out: paths.plan });
  const planned = changes ? ((await engine.showPlan(paths.plan)).resource_changes ?? []) : [];
  await ports.files.remove(paths.plan);
  return planned.filter(({ change }) => change.actions.includes("create")).map(({ address }) => address);
}
