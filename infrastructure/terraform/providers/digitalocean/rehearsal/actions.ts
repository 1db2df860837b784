import type { Route } from "landfall/rehearsal";
import { locked, route, timestamp, type Action, type Cloud, type Droplet } from "./cloud.ts";
import { presentRegion } from "./presentation.ts";
import { existing, listReply, unprocessable } from "./replies.ts";

type Start = Pick<Action, "type" | "region" | "resource"> & Partial<Action>;

export function startAction(cloud: Cloud, start: Start): Action {
  const { kit } = cloud;
  const startedAt = kit.now();
  return cloud.actions.put({
    id: kit.number(),
    startedAt,
    dueAt: startedAt + kit.actionMs,
    status: "in-progress",
    fails: false,
    ...start,
  });
}

/** A droplet does one thing at a time. */
export function requireIdle(cloud: Cloud, { id }: Droplet): void {
  if (locked(cloud, id)) throw unprocessable("Droplet already has a pending event.");
}

/** Lets everything happen that is due by now. Called before each request is looked at. */
export async function settle(cloud: Cloud): Promise<void> {
  const now = cloud.kit.now();
  for (const action of cloud.actions.all()) {
    if (action.status !== "in-progress" || action.dueAt > now) continue;
    cloud.actions.put({ ...action, status: action.fails ? "errored" : "completed" });
    if (action.fails) await undo(cloud, action);
    else perform(cloud, action);
  }
}

/** A droplet that could not be made does not stay. */
async function undo(cloud: Cloud, { type, droplet }: Action): Promise<void> {
  if (type === "create" && droplet !== undefined) await destroyDroplet(cloud, droplet);
}

function perform(cloud: Cloud, action: Action): void {
  const droplet = action.droplet === undefined ? undefined : cloud.droplets.get(action.droplet);
  const volume = action.volume === undefined ? undefined : cloud.volumes.get(action.volume);
  const address = action.address === undefined ? undefined : cloud.addresses.get(action.address);
  if (droplet !== undefined) performOnDroplet(cloud, droplet, action);
  if (volume !== undefined) {
    if (action.type === "attach_volume") cloud.volumes.put({ ...volume, droplet: action.droplet ?? null });
    if (action.type === "detach_volume") cloud.volumes.put({ ...volume, droplet: null });
    if (action.type === "resize_volume") cloud.volumes.put({ ...volume, size: Number(action.value) });
  }
  if (address !== undefined) {
    if (action.type === "assign_ip") cloud.addresses.put({ ...address, droplet: droplet?.id ?? null });
    if (action.type === "unassign_ip") cloud.addresses.put({ ...address, droplet: null });
  }
}

function performOnDroplet(cloud: Cloud, droplet: Droplet, { type, value, resizeDisk }: Action): void {
  const change = (changes: Partial<Droplet>): void => void cloud.droplets.put({ ...droplet, ...changes });
  const feature = (name: string, on: boolean): void =>
    change({ features: [...droplet.features.filter((each) => each !== name), ...(on ? [name] : [])] });
  switch (type) {
    case "create":
    case "power_on":
      return change({ status: "active" });
    case "power_off":
    case "shutdown":
      return change({ status: "off" });
    case "rename":
      return change({ name: value ?? droplet.name });
    case "rebuild":
      return change({ image: Number(value), status: "active" });
    case "enable_ipv6":
      return feature("ipv6", true);
    case "enable_backups":
      return feature("backups", true);
    case "disable_backups":
      return feature("backups", false);
    case "resize": {
      const size = cloud.sizes.find(({ slug }) => slug === value);
      return change({
        size: size?.slug ?? droplet.size,
        disk: resizeDisk === true ? (size?.disk ?? droplet.disk) : droplet.disk,
      });
    }
    default:
      return;
  }
}

/** Takes a droplet away; what was attached to it stays. */
export async function destroyDroplet(cloud: Cloud, id: number): Promise<void> {
  if (!cloud.droplets.remove(id)) return;
  for (const volume of cloud.volumes.all()) if (volume.droplet === id) cloud.volumes.put({ ...volume, droplet: null });
  for (const address of cloud.addresses.all()) {
    if (address.droplet === id) cloud.addresses.put({ ...address, droplet: null });
  }
  for (const firewall of cloud.firewalls.all()) {
    cloud.firewalls.put({ ...firewall, droplets: firewall.droplets.filter((each) => each !== id) });
  }
  for (const action of cloud.actions.all()) {
    if (action.status === "in-progress" && action.droplet === id) cloud.actions.put({ ...action, status: "errored" });
  }
  await cloud.kit.machines.remove(String(id));
}

export function presentAction(cloud: Cloud, action: Action): Record<string, unknown> {
  return {
    id: action.id,
    status: action.status,
    type: action.type,
    started_at: timestamp(action.startedAt),
    completed_at: action.status === "in-progress" ? null : timestamp(action.dueAt),
    resource_id: action.resource.id,
    resource_type: action.resource.type,
    region: presentRegion(cloud, action.region),
    region_slug: action.region,
  };
}

/** The newest first. */
export function actionsOf(cloud: Cloud, test: (action: Action) => boolean): Action[] {
  return cloud.actions.all().filter(test).toReversed();
}

export function actionRoutes(cloud: Cloud): Route[] {
  const present = (action: Action): unknown => presentAction(cloud, action);
  return [
    route("GET", "/v2/actions", (request) =>
      listReply(
        "actions",
        actionsOf(cloud, () => true),
        request,
        cloud.kit,
        present,
      ),
    ),
    route("GET", "/v2/actions/:id", ({ params }) => ({
      status: 200,
      body: { action: present(existing(cloud.actions.get(Number(params["id"])))) },
    })),
  ];
}
