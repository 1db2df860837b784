import type { Impact, PlannedChange, PlanSummary, ResourceAction } from "../events/Event.ts";
import type { ResourceRoles } from "../providers/Manifest.ts";
import { changedAttributes } from "./changedAttributes.ts";
import type { PlanJson, ResourceChange } from "./engineJson.ts";
import { rolesOf, type Role } from "./rolesOf.ts";

/** Worst last. */
const impacts: readonly Impact[] = [
  "create",
  "harmless",
  "restart",
  "lose-address",
  "replace-machine",
  "destroy-data",
  "destroy",
];

export interface PlanCircumstances {
  /** No apply has succeeded since the machine was begun: one that was only half made holds nothing yet. */
  unfinished?: boolean;
  /** Whether the provider makes the machine; one that was there before outlives everything. */
  creates?: boolean;
  /** Addresses that the state knows: where one is to be made, the provider denies that it exists, and it was lost. */
  held?: readonly string[];
}

interface Change extends PlannedChange {
  roles: ReadonlySet<Role>;
  /** A leftover of an interrupted replacement: what is in use is another one. */
  deposed: boolean;
}

/**
 * What a plan does to the user's machine, data and reserved address, judged by the roles that the manifest gives to resources.
 */
export function summarizePlan(
  plan: PlanJson,
  roles: ResourceRoles,
  { unfinished = false, creates = true, held = [] }: PlanCircumstances = {},
): PlanSummary {
  const managed = (plan.resource_changes ?? [])
    .filter(({ mode }) => mode === "managed")
    .map((change) => (unfinished && isHalfMade(change, roles) ? asCreation(change) : change));
  const seen = managed.map((change) => readChange(change, roles));
  const destroyed = seen.some(({ action }) => action === "delete") && seen.every(({ action }) => action === "delete");
  // What is made again because the first one is gone is judged as its replacement.
  const lossIn = ({ address, action }: Change): ResourceAction =>
    action === "create" && held.includes(address) ? "replace" : action;
  const rootLost = seen.some(
    (change) => !change.deposed && (change.roles.has("disk") || change.roles.has("data")) && loses(lossIn(change)),
  );
  const judged = seen.map((change) => ({
    ...change,
    impact: destroyed
      ? "destroy"
      : creates
        ? impactOf({ ...change, action: lossIn(change) }, roles, rootLost)
        : impactOnHost(change),
  }));
  const changes = judged.filter(({ action }) => action !== "no-op" && action !== "read");
  const fate = creates
    ? { ...fateOf(judged, roles, destroyed), address: addressOf(judged) }
    : ({ machine: "keep", data: "keep", address: "none" } as const);
  return {
    changes: changes.map(({ address, action, impact, attributes }) => ({ address, action, impact, attributes })),
    counts: {
      create: count(changes, "create"),
      update: count(changes, "update"),
      replace: count(changes, "replace"),
      delete: count(changes, "delete"),
    },
    impact: worst(changes.map(({ impact }) => impact)) ?? "none",
    ...fate,
  };
}

function fateOf(
  changes: readonly Change[],
  roles: ResourceRoles,
  destroyed: boolean,
): Pick<PlanSummary, "machine" | "data"> {
  if (destroyed) return { machine: "destroy", data: "destroy" };
  const machine = machineOf(changes, roles);
  return { machine, data: dataOf(changes, machine) };
}

/** What the state knows of a host that was there before is only knowledge. */
function impactOnHost({ action }: Change): Impact {
  return action === "create" ? "create" : "harmless";
}

function isHalfMade(change: ResourceChange, roles: ResourceRoles): boolean {
  return change.action_reason === "replace_because_tainted" && rolesOf(change, roles).has("machine");
}

function asCreation(change: ResourceChange): ResourceChange {
  return { ...change, change: { ...change.change, actions: ["create"], replace_paths: [] } };
}

function readChange(change: ResourceChange, roles: ResourceRoles): Change {
  const action = actionOf(change.change.actions);
  return {
    address: change.address,
    action,
    impact: "harmless",
    attributes: changedAttributes(change),
    roles: rolesOf(change, roles),
    deposed: change.deposed !== undefined,
  };
}

/** The engine's "forget" leaves the thing alone but loses sight of it: to the user it is gone. */
function actionOf(actions: readonly string[]): ResourceAction {
  const gone = actions.includes("delete") || actions.includes("forget");
  if (gone) return actions.includes("create") ? "replace" : "delete";
  if (actions.includes("create")) return "create";
  if (actions.includes("update")) return "update";
  return actions.includes("read") ? "read" : "no-op";
}

function impactOf(change: Change, declared: ResourceRoles, rootLost: boolean): Impact {
  const { action, roles, deposed } = change;
  if (action === "create") return "create";
  if (!loses(action)) return roles.has("restart") ? "restart" : "harmless";
  if (roles.has("data")) return "destroy-data";
  if (deposed) return "harmless";
  if (roles.has("disk")) return "replace-machine";
  if (roles.has("machine")) {
    const survives = declared.disk.length > 0 && !rootLost && action === "replace";
    return survives ? "restart" : "replace-machine";
  }
  if (roles.has("address")) return "lose-address";
  // A provider that does not say which resource is its machine: any loss may be one.
  return declared.machine.length === 0 ? "replace-machine" : "harmless";
}

function machineOf(changes: readonly Change[], declared: ResourceRoles): PlanSummary["machine"] {
  const known = declared.machine.length > 0;
  const machines = changes.filter(({ roles, deposed }) => !deposed && (!known || roles.has("machine")));
  if (machines.length === 0) return "none";
  if (known && machines.every(({ action }) => action === "delete")) return "destroy";
  if (machines.every(({ action }) => action === "create")) return "create";
  const felt = changes.map(({ impact }) => impact);
  if (felt.includes("replace-machine")) return "replace";
  return felt.includes("restart") ? "restart" : "keep";
}

/** Without a data disk the data is on the machine's own disk and shares the machine's fate. */
function dataOf(changes: readonly Change[], machine: PlanSummary["machine"]): PlanSummary["data"] {
  const disks = changes.filter(({ roles }) => roles.has("data"));
  if (disks.some(({ action }) => loses(action))) return "destroy";
  const before = disks.filter(({ action }) => action !== "create");
  if (before.length > 0) return "keep";
  if (machine === "replace" || machine === "destroy") return "destroy";
  if (disks.length > 0) return "create";
  return machine === "keep" || machine === "restart" ? "keep" : "none";
}

/** The worst that happens to one of them. */
function addressOf(changes: readonly Change[]): PlanSummary["address"] {
  const actions = changes.filter(({ roles, deposed }) => roles.has("address") && !deposed).map(({ action }) => action);
  if (actions.length === 0) return "none";
  if (actions.includes("delete")) return "destroy";
  if (actions.includes("replace")) return "replace";
  return actions.includes("create") ? "create" : "keep";
}

function loses(action: ResourceAction): boolean {
  return action === "delete" || action === "replace";
}

function count(changes: readonly Change[], action: ResourceAction): number {
  return changes.filter((change) => change.action === action).length;
}

function worst(found: readonly Impact[]): Impact | undefined {
  return impacts.findLast((impact) => found.includes(impact));
}
