import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import { showAction } from "./actionRoutes.ts";
import type { Action, Cloud, Firewall, Server } from "./cloud.ts";
import { readRules } from "./firewallRules.ts";
import { parseSelector, type Labels } from "./labels.ts";
import { answer, failure, fieldsOf, invalid, jsonError, notFound } from "./replies.ts";
import { checkNaming, nameTaken, resourceRoutes } from "./resourceRoutes.ts";

export function selects({ selectors }: Firewall, { labels }: Server): boolean {
  return selectors.some((selector) => parseSelector(selector)?.(labels) ?? false);
}

export function firewallRoutes(cloud: Cloud): Route[] {
  const { firewalls, kit } = cloud;
  const act = (
    command: string,
    change: (firewall: Firewall, fields: Record<string, unknown>) => Firewall | Reply,
    begin: (firewall: Firewall, fields: Record<string, unknown>) => Action[],
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
      return answer(201, { actions: begin(firewall, fields).map((action) => showAction(action, cloud)) });
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
    act(
      "set_rules",
      (firewall, fields) => {
        const rules = readRules(fields["rules"], kit);
        return rules === undefined ? invalid({ rules: "invalid rule" }) : { ...firewall, rules };
      },
      (firewall) => [setRules(firewall, cloud)],
    ),
    act(
      "apply_to_resources",
      (firewall, fields) => applied(firewall, fields["apply_to"], cloud),
      (firewall, fields) => perResource("apply_firewall", firewall, fields["apply_to"], cloud),
    ),
    act(
      "remove_from_resources",
      (firewall, fields) => removed(firewall, fields["remove_from"]),
      (firewall, fields) => perResource("remove_firewall", firewall, fields["remove_from"], cloud),
    ),
  ];
}

function create(request: ApiRequest, cloud: Cloud): Reply {
  const fields = fieldsOf(request);
  if (fields === undefined) return jsonError();
  const wrong = checkNaming(fields, true);
  const rules = readRules(fields["rules"] ?? [], cloud.kit);
  if (rules === undefined) wrong["rules"] = "invalid rule";
  if (Object.keys(wrong).length > 0 || rules === undefined) return invalid(wrong);
  if (cloud.firewalls.all().some(({ name }) => name === fields["name"])) return nameTaken("firewall");
  const base = cloud.named(String(fields["name"]), (fields["labels"] ?? undefined) as Labels | undefined);
  const firewall = applied({ ...base, rules, servers: [], selectors: [] }, fields["apply_to"], cloud);
  if ("status" in firewall) return firewall;
  cloud.firewalls.put(firewall);
  const actions = [setRules(firewall, cloud), ...perResource("apply_firewall", firewall, fields["apply_to"], cloud)];
  return answer(201, {
    firewall: showFirewall(firewall, cloud),
    actions: actions.map((action) => showAction(action, cloud)),
  });
}

function setRules({ id }: Firewall, cloud: Cloud): Action {
  return cloud.act("set_firewall_rules", [{ id, type: "firewall" }]);
}

/** One action for each server, and for each selector. */
function perResource(command: string, { id }: Firewall, value: unknown, cloud: Cloud): Action[] {
  const { servers, selectors } = readResources(value);
  const own = { id, type: "firewall" };
  return [
    ...servers.map((server) => cloud.act(command, [own, { id: server, type: "server" }])),
    ...selectors.map(() => cloud.act(command, [own])),
  ];
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

function removed(firewall: Firewall, value: unknown): Firewall | Reply {
  const { servers, selectors } = readResources(value);
  const unknown =
    servers.find((id) => !firewall.servers.includes(id)) ??
    selectors.find((selector) => !firewall.selectors.includes(selector));
  if (unknown !== undefined) {
    return failure(422, "firewall_resource_not_found", `firewall is not applied to '${unknown}'`);
  }
  return {
    ...firewall,
    servers: firewall.servers.filter((id) => !servers.includes(id)),
    selectors: firewall.selectors.filter((selector) => !selectors.includes(selector)),
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
