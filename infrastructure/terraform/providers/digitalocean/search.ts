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

/** The stack's droplet. Names are not unique here, and stacks of several projects may be called the same: all tags count. */
export async function dropletOf(context: StackContext): Promise<FoundDroplet | undefined> {
  const tags = tagsOf(context);
  const stack = tagOf("stack", context.inputs.labels["stack"] ?? "");
  const path = `/droplets?tag_name=${encodeURIComponent(stack)}`;
  const droplets = (await listAll<FoundDroplet>(context, path, "droplets")).filter(
    (droplet) => droplet.status !== "archive" && tags.every((tag) => droplet.tags.includes(tag)),
  );
  const known = String(context.outputs["vm_id"] ?? "");
  return (
    droplets.find(({ id }) => String(id) === known) ??
    droplets.toSorted((one, other) => one.created_at.localeCompare(other.created_at) || one.id - other.id)[0]
  );
}

/** What one stack may have: by tags where the API has them, else by its name. */
export async function findOrphans(context: StackContext): Promise<Orphan[]> {
  const { inputs } = context;
  const [droplet, keys, firewalls, volumes] = await Promise.all([
    finishedDroplet(context),
    named<{ id: number; name: string }>(context, "/account/keys", "ssh_keys"),
    named<{ id: string; name: string }>(context, "/firewalls", "firewalls"),
    inputs.data_disk_size > 0 ? volumesOf(context) : [],
  ]);
  const addresses = inputs.reserve_address ? await addressesOf(context, droplet) : [];
  return [
    ...keys.map(({ id, name }) => orphan("digitalocean_ssh_key.login[0]", id, `SSH key ${name}`)),
    ...volumes.map(({ id, name }) => orphan("digitalocean_volume.data[0]", id, `volume ${name}`)),
    ...addresses.map(({ ip }) => orphan("digitalocean_floating_ip.address[0]", ip, `reserved IP ${ip}`)),
    ...(droplet === undefined
      ? []
      : [orphan("digitalocean_droplet.vm", droplet.id, `droplet ${droplet.name} (${droplet.id})`)]),
    ...firewalls.map(({ id, name }) => orphan("digitalocean_firewall.vm", id, `firewall ${name}`)),
  ];
}

function orphan(address: string, id: number | string, title: string): Orphan {
  return { address, id: String(id), title };
}

const longestCreation = 180_000;
const pollMs = 3_000;

/** A droplet has its addresses only when it has been made; imported before, it would go without. */
async function finishedDroplet(context: StackContext): Promise<FoundDroplet | undefined> {
  for (let waited = 0; ; waited += pollMs) {
    const droplet = await dropletOf(context);
    if (droplet?.status !== "new" || waited >= longestCreation) return droplet;
    await context.host.sleep(pollMs);
  }
}

async function named<T extends { name: string }>(context: StackContext, path: string, key: string): Promise<T[]> {
  const prefix = prefixOf(context);
  return (await listAll<T>(context, path, key)).filter(({ name }) => name === prefix).slice(0, 1);
}

async function volumesOf(context: StackContext): Promise<{ id: string; name: string }[]> {
  const region = context.settings["region"] ?? "";
  const path = `/volumes?name=${encodeURIComponent(`${prefixOf(context)}-data`)}&region=${encodeURIComponent(region)}`;
  const { body } = await call(context, path);
  return ((body["volumes"] ?? []) as { id: string; name: string }[]).slice(0, 1);
}

interface FoundAddress {
  ip: string;
  droplet: { id: number } | null;
}

/** They have neither name nor tag: ours is the one of our droplet, or the one that the last apply reported. */
async function addressesOf(context: StackContext, droplet: FoundDroplet | undefined): Promise<FoundAddress[]> {
  const addresses = await listAll<FoundAddress>(context, "/reserved_ips", "reserved_ips");
  const ours =
    addresses.find((address) => address.droplet !== null && address.droplet.id === droplet?.id) ??
    addresses.find(({ ip, droplet: other }) => other === null && ip === context.outputs["vm_ip"]);
  return ours === undefined ? [] : [ours];
}
