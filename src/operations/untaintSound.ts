import type { Orphan, ProviderBehaviour } from "../providers/behaviour.ts";
import { withoutKeys } from "./checkAddresses.ts";
import { heldResources, modulePrefix } from "./adoptOrphans.ts";
import type { OpenStack } from "./openStack.ts";
import type { RunContext } from "./withRun.ts";

/** A machine that is still being made is given some time to say so no more. */
const looks = { most: 10, pauseMs: 2000 };

/**
 * An interrupt saves what was being made as tainted, and the next plan would replace it. The mark is taken from a machine that
 * its provider calls running, and from what exists and needs no change. Gives their addresses.
 */
export async function untaintSound(
  open: OpenStack,
  behaviour: ProviderBehaviour,
  found: readonly Orphan[],
  run: RunContext,
): Promise<string[]> {
  const { engine, provider } = open;
  const tainted = (await heldResources(open)).filter(({ tainted: marked }) => marked);
  const machines = provider.manifest.resources.machine.map(withoutKeys);
  const isMachine = (address: string): boolean => machines.includes(withoutKeys(address));
  const runs = tainted.some(({ address }) => isMachine(address)) && (await machineRuns(open, behaviour, run));
  const exists = (address: string, id: string): boolean =>
    found.some((orphan) => orphan.address === address && orphan.id === id);
  // On this computer there is no search, and one machine of a name.
  const isThere = (address: string, id: string): boolean =>
    exists(address, id) || (behaviour.findOrphans === undefined && isMachine(address));
  const sound = tainted.filter(({ address, id }) => isThere(address, id) && (runs || !isMachine(address)));
  if (sound.length === 0) return [];
  for (const { address } of sound) await engine.untaint(modulePrefix + address);
  const changing = await changingResources(open, run);
  const unsound = sound.filter(({ address }) => !isMachine(address) && changing.includes(modulePrefix + address));
  for (const { address } of unsound) await engine.taint(modulePrefix + address);
  const kept = sound.filter((resource) => !unsound.includes(resource)).map(({ address }) => address);
  for (const address of kept) {
    const message = `${address} was interrupted while it was made, and is sound: it is kept`;
    run.ports.emit({ type: "notice", level: "warning", code: "recovery.untainted", message });
  }
  return kept;
}

async function machineRuns(open: OpenStack, behaviour: ProviderBehaviour, { ports }: RunContext): Promise<boolean> {
  for (let look = 1; ; look += 1) {
    const state = (await behaviour.inspectMachine?.(open.providerContext))?.state ?? "absent";
    if (state !== "unknown" || look === looks.most) return state === "running";
    await ports.clock.sleep(looks.pauseMs);
  }
}

async function changingResources({ engine, paths }: OpenStack, { ports }: RunContext): Promise<string[]> {
  const { changes } = await engine.plan({ out: paths.plan });
  const planned = changes ? ((await engine.showPlan(paths.plan)).resource_changes ?? []) : [];
  await ports.files.remove(paths.plan);
  return planned.filter(({ change }) => change.actions.join() !== "no-op").map(({ address }) => address);
}
