import type { PlanSummary } from "../events/Event.ts";
import { resourcesOf } from "../stacks/StateContent.ts";
import { modulePrefix } from "./adoptOrphans.ts";
import type { OpenStack } from "./openStack.ts";

export interface HeldThing {
  address: string;
  id: string;
}

/** What the state knew of the provider when the run began, but for what was only half made: that is made again anyway. */
export function heldThings({ state }: Pick<OpenStack, "state">): HeldThing[] {
  return resourcesOf(state, "module.provider")
    .filter(({ tainted }) => !tainted)
    .map(({ address, id }) => ({ address: modulePrefix + address, id }));
}

/** What the state knows and a plan would make, for the provider says that it does not exist. */
export function deniedThings({ changes }: Pick<PlanSummary, "changes">, open: Pick<OpenStack, "state">): HeldThing[] {
  const made = changes.filter(({ action }) => action === "create").map(({ address }) => address);
  return heldThings(open).filter(({ address }) => made.includes(address));
}
