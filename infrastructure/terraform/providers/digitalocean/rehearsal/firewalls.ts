import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import { route, timestamp, type Cloud, type Firewall } from "./cloud.ts";
import { readRules, sameRule, type RuleKind } from "./firewallRules.ts";
import { conflict, existing, fieldsOf, listReply, unprocessable } from "./replies.ts";
import { readTags } from "./tags.ts";

export function firewallRoutes(cloud: Cloud): Route[] {
  const present = (firewall: Firewall): unknown => presentFirewall(cloud, firewall);
  const part = (method: "POST" | "DELETE", name: string, change: Change): Route =>
    route(method, `/v2/firewalls/:id/${name}`, (request) => {
      const firewall = firewallOf(cloud, request);
      save(cloud, { ...firewall, ...change(firewall, fieldsOf(request)) });
      return { status: 204 };
    });
  return [
    route("GET", "/v2/firewalls", (request) =>
      listReply("firewalls", cloud.firewalls.all(), request, cloud.kit, present),
    ),
    route("POST", "/v2/firewalls", (request) => create(cloud, request)),
    route("GET", "/v2/firewalls/:id", (request) => ({
      status: 200,
      body: { firewall: present(firewallOf(cloud, request)) },
    })),
    route("PUT", "/v2/firewalls/:id", (request) => {
      const { id, createdAt } = firewallOf(cloud, request);
      const changed = { id, createdAt, ...readFirewall(cloud, fieldsOf(request), id) };
      return { status: 200, body: { firewall: present(save(cloud, changed)) } };
    }),
    route("DELETE", "/v2/firewalls/:id", (request) => {
      cloud.firewalls.remove(firewallOf(cloud, request).id);
      return { status: 204 };
    }),
    part("POST", "droplets", ({ droplets }, fields) => ({ droplets: union(droplets, dropletsOf(cloud, fields)) })),
    part("DELETE", "droplets", ({ droplets }, { droplet_ids }) => ({
      droplets: droplets.filter((id) => !(Array.isArray(droplet_ids) && droplet_ids.includes(id))),
    })),
    part("POST", "tags", ({ tags }, fields) => ({ tags: union(tags, knownTags(cloud, fields)) })),
    part("DELETE", "tags", ({ tags }, fields) => ({
      tags: tags.filter((tag) => !readTags(fields["tags"]).includes(tag)),
    })),
    part("POST", "rules", ({ inbound, outbound }, fields) => ({
      inbound: [...inbound, ...readRules(cloud, fields, "inbound")],
      outbound: [...outbound, ...readRules(cloud, fields, "outbound")],
    })),
    part("DELETE", "rules", (firewall, fields) => ({
      inbound: without(cloud, firewall, fields, "inbound"),
      outbound: without(cloud, firewall, fields, "outbound"),
    })),
  ];
}

type Change = (firewall: Firewall, fields: Record<string, unknown>) => Partial<Firewall>;

function firewallOf(cloud: Cloud, { params }: ApiRequest): Firewall {
  return existing(cloud.firewalls.get(params["id"] ?? ""));
}

function create(cloud: Cloud, request: ApiRequest): Reply {
  const firewall = save(cloud, {
    id: cloud.kit.uuid(),
    createdAt: timestamp(cloud.kit.now()),
    ...readFirewall(cloud, fieldsOf(request), undefined),
  });
  return { status: 202, body: { firewall: presentFirewall(cloud, firewall) } };
}

/** A change takes a moment to reach the droplets. */
function save(cloud: Cloud, firewall: Omit<Firewall, "readyAt">): Firewall {
  return cloud.firewalls.put({ ...firewall, readyAt: cloud.kit.now() + cloud.kit.actionMs });
}

function readFirewall(
  cloud: Cloud,
  fields: Record<string, unknown>,
  self: string | undefined,
): Pick<Firewall, "name" | "inbound" | "outbound" | "droplets" | "tags"> {
  const { name } = fields;
  if (typeof name !== "string" || !/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(name)) {
    throw unprocessable("name must start with an alphanumeric character and hold only those, periods and dashes");
  }
  if (cloud.firewalls.find((other) => other.name === name && other.id !== self) !== undefined) {
    throw conflict("duplicate name");
  }
  const inbound = readRules(cloud, fields, "inbound");
  const outbound = readRules(cloud, fields, "outbound");
  if (inbound.length + outbound.length === 0) throw unprocessable("at least one rule is required");
  return { name, inbound, outbound, droplets: dropletsOf(cloud, fields), tags: knownTags(cloud, fields) };
}

function dropletsOf(cloud: Cloud, { droplet_ids: ids }: Record<string, unknown>): number[] {
  if (ids === undefined || ids === null) return [];
  if (!Array.isArray(ids)) throw unprocessable("droplet_ids must be an array");
  return (ids as unknown[]).map((id) => {
    const droplet = typeof id === "number" ? cloud.droplets.get(id) : undefined;
    if (droplet === undefined) throw unprocessable(`droplet ${String(id)} was not found`);
    return droplet.id;
  });
}

function knownTags(cloud: Cloud, fields: Record<string, unknown>): string[] {
  const tags = readTags(fields["tags"]);
  const unknown = tags.find((tag) => cloud.tags.get(tag) === undefined);
  if (unknown !== undefined) throw unprocessable(`tag ${unknown} does not exist`);
  return tags;
}

function without(
  cloud: Cloud,
  firewall: Firewall,
  fields: Record<string, unknown>,
  kind: RuleKind,
): Firewall["inbound"] {
  const removed = readRules(cloud, fields, kind);
  return firewall[kind].filter((rule) => !removed.some((each) => sameRule(each, rule)));
}

function union<T>(one: readonly T[], other: readonly T[]): T[] {
  return [...new Set([...one, ...other])];
}

export function presentFirewall(cloud: Cloud, firewall: Firewall): Record<string, unknown> {
  const ready = firewall.readyAt <= cloud.kit.now() || firewall.droplets.length === 0;
  const rules = (kind: RuleKind, peers: string): unknown =>
    firewall[kind].map((rule) => ({
      protocol: rule.protocol,
      ports: rule.ports,
      [peers]: rule.peers,
      action: rule.action,
    }));
  return {
    id: firewall.id,
    name: firewall.name,
    status: ready ? "succeeded" : "waiting",
    inbound_rules: rules("inbound", "sources"),
    outbound_rules: rules("outbound", "destinations"),
    created_at: firewall.createdAt,
    droplet_ids: firewall.droplets,
    tags: firewall.tags,
    pending_changes: ready
      ? []
      : firewall.droplets.map((id) => ({ droplet_id: id, removing: false, status: "waiting" })),
  };
}
