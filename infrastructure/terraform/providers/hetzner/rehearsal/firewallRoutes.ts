import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import { showAction } from "./actionRoutes.ts";
import type { Cloud, Firewall, Rule, Server } from "./cloud.ts";
import { parseSelector, type Labels } from "./labels.ts";
import { answer, failure, fieldsOf, invalid, jsonError, notFound } from "./replies.ts";
import { checkNaming, nameTaken, resourceRoutes } from "./resourceRoutes.ts";

export function selects({ selectors }: Firewall, { labels }: Server): boolean {
  return selectors.some((selector) => parseSelector(selector)?.(labels) ?? false);
}

export function firewallRoutes(cloud: Cloud): Route[] {
  const { firewalls } = cloud;
  const act = (
    command: string,
    change: (firewall: Firewall, fields: Record<string, unknown>) => Firewall | Reply,
  ): Route => ({
    method: "POST",
    path: `/v1/firewalls/:id/actions/${command}`,
    handle(request) {
      const firewall = firewalls.get(request.params["id"] ?? "");
      if (firewall === undefined) return notFound("firewall", request.params["id"] ?? "");
      const fields = fieldsOf(request);
      if (fields === undefined) return jsonError();
      const changed = change(firewall, fields);
      if ("status" in changed) return changed;
      firewalls.put(changed);
      const action = cloud.act(`${command}_firewall`.replace("set_rules_firewall", "set_firewall_rules"), [
        { id: firewall.id, type: "firewall" },
      ]);
      return answer(201, { actions: [showAction(action, cloud)] });
    },
  });
  return [
    ...resourceRoutes(
      {
        path: "firewalls",
        key: "firewall",
        items: firewalls,
        show: (firewall) => showFirewall(firewall, cloud),
        remove(firewall) {
          const inUse = firewall.servers.length > 0 || cloud.servers.all().some((server) => selects(firewall, server));
          if (inUse) return failure(409, "resource_in_use", "firewall with ID is still in use");
          firewalls.remove(firewall.id);
          return answer(204);
        },
      },
      cloud,
    ),
    { method: "POST", path: "/v1/firewalls", handle: (request) => create(request, cloud) },
    act("set_rules", (firewall, fields) => {
      const rules = readRules(fields["rules"]);
      return rules === undefined ? invalid({ rules: "invalid rule" }) : { ...firewall, rules };
    }),
    act("apply_to_resources", (firewall, fields) => applied(firewall, fields["apply_to"], cloud)),
    act("remove_from_resources", (firewall, fields) => {
      const { servers, selectors } = readResources(fields["remove_from"]);
      const left = { ...firewall, servers: firewall.servers.filter((id) => !servers.includes(id)) };
      return { ...left, selectors: firewall.selectors.filter((selector) => !selectors.includes(selector)) };
    }),
  ];
}

function create(request: ApiRequest, cloud: Cloud): Reply {
  const fields = fieldsOf(request);
  if (fields === undefined) return jsonError();
  const wrong = checkNaming(fields, true);
  const rules = readRules(fields["rules"] ?? []);
  if (rules === undefined) wrong["rules"] = "invalid rule";
  if (Object.keys(wrong).length > 0 || rules === undefined) return invalid(wrong);
  if (cloud.firewalls.all().some(({ name }) => name === fields["name"])) return nameTaken("firewall");
  const base = cloud.named(String(fields["name"]), (fields["labels"] ?? undefined) as Labels | undefined);
  const firewall = applied({ ...base, rules, servers: [], selectors: [] }, fields["apply_to"], cloud);
  if ("status" in firewall) return firewall;
  cloud.firewalls.put(firewall);
  const action = cloud.act("set_firewall_rules", [{ id: firewall.id, type: "firewall" }]);
  return answer(201, { firewall: showFirewall(firewall, cloud), actions: [showAction(action, cloud)] });
}

function applied(firewall: Firewall, value: unknown, cloud: Cloud): Firewall | Reply {
  const { servers, selectors } = readResources(value);
  for (const id of servers) {
    if (cloud.servers.get(id) === undefined) {
      return failure(422, "firewall_resource_not_found", `server with ID '${id}' not found`);
    }
    if (firewall.servers.includes(id)) {
      return failure(422, "firewall_already_applied", `firewall is already applied on server '${id}'`);
    }
  }
  return {
    ...firewall,
    servers: [...firewall.servers, ...servers],
    selectors: [...new Set([...firewall.selectors, ...selectors])],
  };
}

function readResources(value: unknown): { servers: number[]; selectors: string[] } {
  const entries = (Array.isArray(value) ? value : []) as {
    server?: { id: number };
    label_selector?: { selector: string };
  }[];
  return {
    servers: entries.flatMap(({ server }) => (server === undefined ? [] : [server.id])),
    selectors: entries.flatMap((entry) => (entry.label_selector === undefined ? [] : [entry.label_selector.selector])),
  };
}

const range = /^([0-9.]+\/\d{1,2}|[0-9a-f:]+\/\d{1,3})$/i;
const portText = /^\d{1,5}(-\d{1,5})?$/;

function readRules(value: unknown): Rule[] | undefined {
  if (!Array.isArray(value) || value.length > 50) return undefined;
  const rules: Rule[] = [];
  for (const entry of value as Record<string, unknown>[]) {
    const { direction, protocol, port, source_ips: sources = [], destination_ips: targets = [], description } = entry;
    const ranges = [sources, targets].flat();
    const needsPort = protocol === "tcp" || protocol === "udp";
    const sound =
      (direction === "in" || direction === "out") &&
      ["tcp", "udp", "icmp", "esp", "gre"].includes(String(protocol)) &&
      (needsPort ? typeof port === "string" && (port === "any" || portText.test(port)) : !port) &&
      ranges.every((item) => typeof item === "string" && range.test(item)) &&
      (direction === "in" ? [sources].flat() : [targets].flat()).length > 0;
    if (!sound) return undefined;
    rules.push({
      direction: String(direction),
      protocol: String(protocol),
      port: needsPort ? String(port) : null,
      source_ips: sources as string[],
      destination_ips: targets as string[],
      description: typeof description === "string" ? description : null,
    });
  }
  return rules;
}

function showFirewall(firewall: Firewall, { servers }: Cloud): object {
  const { id, name, labels, created, rules, selectors } = firewall;
  return {
    id,
    name,
    labels,
    created,
    rules,
    applied_to: [
      ...firewall.servers.map((server) => ({ type: "server", server: { id: server } })),
      ...selectors.map((selector) => ({
        type: "label_selector",
        label_selector: { selector },
        applied_to_resources: servers
          .all()
          .filter((server) => parseSelector(selector)?.(server.labels))
          .map((server) => ({ type: "server", server: { id: server.id } })),
      })),
    ],
  };
}
