import type { Orphan, StackContext } from "landfall/provider";
import { call, listAll } from "./api.ts";

export interface FoundDroplet {
  id: number;
  name: string;
  status: "new" | "active" | "off" | "archive";
  created_at: string;
  tags: string[];
}

/** As in main.tf. */
export function prefixOf({ inputs }: StackContext): string {
  const { project = "", stack = "" } = inputs.labels;
  return `${project}-${stack}`
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, "-")
    .slice(0, 58);
}

/** As in main.tf. */
export function tagsOf({ inputs }: StackContext): string[] {
  return Object.entries(inputs.labels).map(([key, value]) => tagOf(key, value));
}

function tagOf(key: string, value: string): string {
  return `${key}:${value}`.replace(/[^A-Za-z0-9:_-]/g, "-");
}

/** The stack's droplet, where there are several that of the last apply, else the oldest. */
export async function dropletOf(context: StackContext): Promise<FoundDroplet | undefined> {
  const droplets = await dropletsOf(context);
  const known = String(context.outputs["vm_id"] ?? "");
  return droplets.find(({ id }) => String(id) === known) ?? droplets[0];
}

/** Names are not unique here, and stacks of several projects may be called the same: all tags count. Oldest first. */
async function dropletsOf(context: StackContext): Promise<FoundDroplet[]> {
  const stack = tagOf("stack", context.inputs.labels["stack"] ?? "");
  const path = `/droplets?tag_name=${encodeURIComponent(stack)}`;
  return (await listAll<FoundDroplet>(context, path, "droplets"))
    .filter((droplet) => droplet.status !== "archive" && isTagged(droplet, context))
    .toSorted((one, other) => one.created_at.localeCompare(other.created_at) || one.id - other.id);
}

function isTagged({ tags }: { tags?: readonly string[] }, context: StackContext): boolean {
  return tagsOf(context).every((tag) => tags?.includes(tag) === true);
}

/** What one stack may have: by tags where the API has them, else by its name. */
export async function findOrphans(context: StackContext): Promise<Orphan[]> {
  const { inputs } = context;
  const [droplets, keys, firewalls, volumes] = await Promise.all([
    finishedDroplets(context),
    named<{ id: number; name: string }>(context, "/account/keys", "ssh_keys"),
    named<{ id: string; name: string }>(context, "/firewalls", "firewalls"),
    volumesOf(context),
  ]);
  const addresses = inputs.reserve_address ? await addressesOf(context, droplets[0]) : [];
  return [
    ...keys.map(({ id, name }) => orphan("digitalocean_ssh_key.login[0]", id, `SSH key ${name}`)),
    ...volumes.map(({ id, name }) => orphan("digitalocean_volume.data[0]", id, `volume ${name}`)),
    ...addresses.map(({ ip }) => addressOrphan(ip)),
    ...droplets.map(({ id, name }) => orphan("digitalocean_droplet.vm", id, `droplet ${name} (${id})`)),
    ...firewalls.map(({ id, name }) => orphan("digitalocean_firewall.vm", id, `firewall ${name}`)),
  ];
}

function addressOrphan(ip: string): Orphan {
  return orphan("digitalocean_floating_ip.address[0]", ip, `reserved IP ${ip}`);
}

function orphan(address: string, id: number | string, title: string): Orphan {
  return { address, id: String(id), title };
}

const longestCreation = 180_000;
const pollMs = 3_000;

/** A droplet has its addresses only when it has been made; imported before, it would go without. */
async function finishedDroplets(context: StackContext): Promise<FoundDroplet[]> {
  for (let waited = 0; ; waited += pollMs) {
    const droplets = await dropletsOf(context);
    if (droplets.every(({ status }) => status !== "new") || waited >= longestCreation) return droplets;
    await context.host.sleep(pollMs);
  }
}

async function named<T extends { name: string }>(context: StackContext, path: string, key: string): Promise<T[]> {
  const prefix = prefixOf(context);
  return (await listAll<T>(context, path, key)).filter(({ name }) => name === prefix).slice(0, 1);
}

interface FoundVolume {
  id: string;
  name: string;
  tags?: string[];
  droplet_ids?: number[];
}

async function volumesOf(context: StackContext): Promise<FoundVolume[]> {
  const region = context.settings["region"] ?? "";
  const path = `/volumes?name=${encodeURIComponent(`${prefixOf(context)}-data`)}&region=${encodeURIComponent(region)}`;
  const { body } = await call(context, path);
  return ((body["volumes"] ?? []) as FoundVolume[]).filter((volume) => isTagged(volume, context));
}

interface FoundAddress {
  ip: string;
  droplet: { id: number } | null;
  /** Something is being done to it, such as giving it to a droplet. */
  locked: boolean;
}

const longestAssignment = 60_000;

/**
 * They have neither name nor tag: ours is the one of our droplet, or the one that the last apply reported. What a run
 * that was killed had begun to give to the droplet is waited for, as is whatever else of the account is under way.
 */
async function addressesOf(context: StackContext, droplet: FoundDroplet | undefined): Promise<FoundAddress[]> {
  for (let waited = 0; ; waited += pollMs) {
    const addresses = await listAll<FoundAddress>(context, "/reserved_ips", "reserved_ips");
    const assigned = addresses.find((address) => address.droplet !== null && address.droplet.id === droplet?.id);
    if (assigned !== undefined) return [assigned];
    const free = addresses.filter((address) => address.droplet === null);
    if (droplet === undefined || waited >= longestAssignment || !free.some(({ locked }) => locked)) {
      return free.filter(({ ip }) => ip === context.outputs["vm_ip"]);
    }
    await context.host.sleep(pollMs);
  }
}

/** Between its creation and its assignment, nothing tells a reserved IP from those that somebody keeps for later. */
export async function findNameless(context: StackContext): Promise<Orphan[]> {
  const addresses = await listAll<FoundAddress>(context, "/reserved_ips", "reserved_ips");
  return addresses.filter(({ droplet }) => droplet === null).map(({ ip }) => addressOrphan(ip));
}

/** Only what a new search finds again is deleted. */
export async function removeOrphan({ address, id }: Orphan, context: StackContext): Promise<void> {
  const isThere = (await findOrphans(context)).some((found) => found.address === address && found.id === id);
  const place = places[address.replace(/[.].*/, "")];
  if (!isThere || place === undefined) return;
  if (place === "/volumes") {
    const volume = (await volumesOf(context)).find((found) => found.id === id);
    for (const droplet of volume?.droplet_ids ?? []) await detach(id, droplet, context);
  }
  await call(context, `${place}/${id}`, { method: "DELETE", accepted: [404] });
}

const places: Readonly<Record<string, string>> = {
  digitalocean_ssh_key: "/account/keys",
  digitalocean_firewall: "/firewalls",
  digitalocean_floating_ip: "/reserved_ips",
  digitalocean_droplet: "/droplets",
  digitalocean_volume: "/volumes",
};

async function detach(id: string, droplet: number, context: StackContext): Promise<void> {
  const body = { type: "detach", droplet_id: droplet };
  await call(context, `/volumes/${id}/actions`, { method: "POST", body });
  for (let waited = 0; waited < longestCreation; waited += pollMs) {
    const volume = (await volumesOf(context)).find((found) => found.id === id);
    if (volume?.droplet_ids?.includes(droplet) !== true) return;
    await context.host.sleep(pollMs);
  }
}
