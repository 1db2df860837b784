import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import { route, type Cloud } from "./cloud.ts";
import { existing, fieldsOf, listReply, notFound, unprocessable } from "./replies.ts";

export function tagRoutes(cloud: Cloud): Route[] {
  const reply = (status: number, name: string): Reply => ({ status, body: { tag: presentTag(cloud, name) } });
  return [
    route("GET", "/v2/tags", (request) =>
      listReply("tags", cloud.tags.all(), request, cloud.kit, ({ id }) => presentTag(cloud, id)),
    ),
    route("POST", "/v2/tags", (request) => {
      const name = tagOf(fieldsOf(request)["name"]);
      rememberTags(cloud, [name]);
      return reply(201, name);
    }),
    route("GET", "/v2/tags/:name", (request) => reply(200, named(cloud, request))),
    route("DELETE", "/v2/tags/:name", (request) => {
      const name = named(cloud, request);
      for (const droplet of cloud.droplets.all()) changeTags(cloud, "droplet", String(droplet.id), name, false);
      for (const { id } of cloud.volumes.all()) changeTags(cloud, "volume", id, name, false);
      for (const firewall of cloud.firewalls.all()) {
        cloud.firewalls.put({ ...firewall, tags: firewall.tags.filter((each) => each !== name) });
      }
      cloud.tags.remove(name);
      return { status: 204 };
    }),
    route("POST", "/v2/tags/:name/resources", (request) => changeResources(cloud, request, true)),
    route("DELETE", "/v2/tags/:name/resources", (request) => changeResources(cloud, request, false)),
  ];
}

function named(cloud: Cloud, { params }: ApiRequest): string {
  return existing(cloud.tags.get(params["name"] ?? "")).id;
}

function tagOf(value: unknown): string {
  if (typeof value === "string" && /^[A-Za-z0-9:_-]{1,255}$/.test(value)) return value;
  throw unprocessable("Tag names may contain letters, numbers, colons, dashes, and underscores");
}

export function readTags(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unprocessable("tags must be an array");
  return [...new Set((value as unknown[]).map(tagOf))];
}

/** Tags come into being by being used. */
export function rememberTags(cloud: Cloud, names: readonly string[]): void {
  for (const id of names) if (cloud.tags.get(id) === undefined) cloud.tags.put({ id });
}

function changeResources(cloud: Cloud, request: ApiRequest, on: boolean): Reply {
  const name = named(cloud, request);
  const { resources } = fieldsOf(request);
  if (!Array.isArray(resources) || resources.length === 0) throw unprocessable("resources can't be blank");
  for (const resource of resources as { resource_id?: unknown; resource_type?: unknown }[]) {
    const type = resource.resource_type;
    if (type !== "droplet" && type !== "volume") throw unprocessable(`resource_type ${String(type)} is not supported`);
    changeTags(cloud, type, String(resource.resource_id), name, on);
  }
  return { status: 204 };
}

function changeTags(cloud: Cloud, type: "droplet" | "volume", id: string, name: string, on: boolean): void {
  const changed = (tags: string[]): string[] => [...tags.filter((each) => each !== name), ...(on ? [name] : [])];
  const droplet = type === "droplet" ? cloud.droplets.get(Number(id)) : undefined;
  const volume = type === "volume" ? cloud.volumes.get(id) : undefined;
  if (droplet !== undefined) cloud.droplets.put({ ...droplet, tags: changed(droplet.tags) });
  else if (volume !== undefined) cloud.volumes.put({ ...volume, tags: changed(volume.tags) });
  else throw notFound();
}

function presentTag(cloud: Cloud, name: string): Record<string, unknown> {
  const droplets = cloud.droplets.all().filter(({ tags }) => tags.includes(name)).length;
  const volumes = cloud.volumes.all().filter(({ tags }) => tags.includes(name)).length;
  return {
    name,
    resources: {
      count: droplets + volumes,
      droplets: { count: droplets },
      images: { count: 0 },
      volumes: { count: volumes },
      volume_snapshots: { count: 0 },
      databases: { count: 0 },
    },
  };
}
