import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import { showAction } from "./actionRoutes.ts";
import { findLocation, showDataCenter, showLocation } from "./catalogRoutes.ts";
import type { Cloud, PrimaryIp } from "./cloud.ts";
import type { Labels } from "./labels.ts";
import { answer, failure, fieldsOf, invalid, jsonError, notFound } from "./replies.ts";
import { checkNaming, nameTaken, resourceRoutes } from "./resourceRoutes.ts";
import { withPointer } from "./withPointer.ts";

type NewAddress = Pick<PrimaryIp, "type" | "ip" | "location"> & { assignee: number };

/** The address that a server gets by itself, and that goes with it. */
export function newPrimaryIp({ type, ip, location, assignee }: NewAddress, cloud: Cloud): PrimaryIp {
  const base = cloud.named("", undefined);
  return cloud.primaryIps.put({
    ...base,
    name: `primary_ip-${base.id}`,
    type,
    ip,
    location,
    assignee,
    autoDelete: true,
    protected: false,
    dnsPtr: [],
  });
}

export function primaryIpRoutes(cloud: Cloud): Route[] {
  const { primaryIps, servers } = cloud;
  const show = (address: PrimaryIp): object => showPrimaryIp(address, cloud);
  const act = (
    command: string,
    change: (address: PrimaryIp, fields: Record<string, unknown>) => PrimaryIp | Reply,
  ): Route => ({
    method: "POST",
    path: `/v1/primary_ips/:id/actions/${command}`,
    handle(request) {
      const address = primaryIps.get(request.params["id"] ?? "");
      if (address === undefined) return notFound("primary_ip", request.params["id"] ?? "");
      const changed = change(address, fieldsOf(request) ?? {});
      if (!("id" in changed)) return changed;
      primaryIps.put(changed);
      const name = command.endsWith("assign") ? `${command}_primary_ip` : command;
      const action = cloud.act(name, [{ id: address.id, type: "primary_ip" }]);
      return answer(201, { action: showAction(action, cloud) });
    },
  });
  /** Writes the address into its server, or takes it out. */
  const connect = (address: PrimaryIp, id: number | null): PrimaryIp => {
    const before = address.assignee === null ? undefined : servers.get(address.assignee);
    if (before !== undefined) {
      const rest = { ...before };
      delete rest[address.type];
      servers.put(rest);
    }
    const after = id === null ? undefined : servers.get(id);
    if (after !== undefined) servers.put({ ...after, [address.type]: address.id });
    return { ...address, assignee: id };
  };
  return [
    ...resourceRoutes(
      {
        path: "primary_ips",
        key: "primary_ip",
        items: primaryIps,
        show,
        keep: ({ ip }, query) => !query.has("ip") || query.get("ip") === ip,
        update(address, fields) {
          if (typeof fields["auto_delete"] === "boolean") address.autoDelete = fields["auto_delete"];
          return undefined;
        },
        remove(address) {
          if (address.protected) return failure(423, "protected", "primary IP is protected against deletion");
          if (address.assignee !== null) return failure(422, "primary_ip_assigned", "primary IP is assigned");
          primaryIps.remove(address.id);
          return answer(204);
        },
      },
      cloud,
    ),
    { method: "POST", path: "/v1/primary_ips", handle: (request) => create(request, cloud, connect) },
    act("assign", (address, fields) => {
      const server = servers.get(Number(fields["assignee_id"]));
      if (server === undefined) return invalid({ assignee_id: "server not found" });
      return refusedAssignment(address, server, cloud) ?? connect(address, server.id);
    }),
    act("unassign", (address) => {
      const server = address.assignee === null ? undefined : servers.get(address.assignee);
      if (server?.power === "running") return failure(422, "server_not_stopped", "server must be stopped");
      return connect(address, null);
    }),
    act("change_protection", (address, fields) => ({ ...address, protected: fields["delete"] === true })),
    act(
      "change_dns_ptr",
      (address, fields) =>
        withPointer(address, fields["ip"], fields["dns_ptr"], cloud.kit) ??
        invalid({ ip: "is not of this primary IP" }),
    ),
  ];
}

function refusedAssignment(
  address: PrimaryIp,
  server: NonNullable<ReturnType<Cloud["servers"]["get"]>>,
  { servers }: Cloud,
): Reply | undefined {
  if (address.assignee !== null && servers.get(address.assignee) !== undefined) {
    return failure(422, "primary_ip_already_assigned", "primary IP is already assigned to a different server");
  }
  if (server.power === "running") return failure(422, "server_not_stopped", "server must be stopped");
  if (server[address.type] !== undefined) {
    return failure(422, `server_has_${address.type}`, "server already has an address of that version");
  }
  return undefined;
}

function create(
  request: ApiRequest,
  cloud: Cloud,
  connect: (address: PrimaryIp, id: number | null) => PrimaryIp,
): Reply {
  const fields = fieldsOf(request);
  if (fields === undefined) return jsonError();
  const wrong = checkNaming(fields, true);
  const { type, assignee_type: assigneeType, assignee_id: assignee } = fields;
  if (type !== "ipv4" && type !== "ipv6") wrong["type"] = "must be ipv4 or ipv6";
  if (assigneeType !== undefined && assigneeType !== "server") wrong["assignee_type"] = "must be server";
  const server = typeof assignee === "number" ? cloud.servers.get(assignee) : undefined;
  if (typeof assignee === "number" && server === undefined) wrong["assignee_id"] = "server not found";
  const location = findLocation(server?.location ?? fields["location"] ?? fields["datacenter"]);
  if (location === undefined && wrong["assignee_id"] === undefined)
    wrong["location"] = "is required without an assignee";
  if (Object.keys(wrong).length > 0 || location === undefined) return invalid(wrong);
  const { primaryIps } = cloud;
  if (primaryIps.all().some(({ name }) => name === fields["name"])) return nameTaken("primary_ip");
  const version = type === "ipv6" ? "ipv6" : "ipv4";
  const ip = freeIp(version, cloud);
  if (ip === undefined) return failure(403, "resource_limit_exceeded", "primary IP limit exceeded");
  const address: PrimaryIp = {
    ...cloud.named(String(fields["name"]), (fields["labels"] ?? undefined) as Labels | undefined),
    type: version,
    ip,
    location: location.name,
    assignee: null,
    autoDelete: fields["auto_delete"] === true,
    protected: false,
    dnsPtr: [],
  };
  const refused = server === undefined ? undefined : refusedAssignment(address, server, cloud);
  if (refused !== undefined) return refused;
  const made = primaryIps.put(server === undefined ? address : connect(address, server.id));
  const action =
    server === undefined ? undefined : cloud.act("assign_primary_ip", [{ id: made.id, type: "primary_ip" }]);
  return answer(201, {
    primary_ip: showPrimaryIp(made, cloud),
    ...(action === undefined ? {} : { action: showAction(action, cloud) }),
  });
}

/** Of ranges for documentation that servers get no addresses of by themselves; undefined where all are in use. */
function freeIp(type: PrimaryIp["type"], { primaryIps }: Cloud): string | undefined {
  const taken = new Set(primaryIps.all().map(({ ip }) => ip));
  for (let number = 1; number < 255; number += 1) {
    const ip = type === "ipv4" ? `198.51.100.${number}` : `2001:db8:${(0xf000 + number).toString(16)}::/64`;
    if (!taken.has(ip)) return ip;
  }
  return undefined;
}

function showPrimaryIp(address: PrimaryIp, cloud: Cloud): object {
  const { id, name, labels, created, type, ip, location, assignee, autoDelete, dnsPtr } = address;
  return {
    id,
    name,
    labels,
    created,
    type,
    ip,
    assignee_id: assignee,
    assignee_type: "server",
    auto_delete: autoDelete,
    blocked: false,
    dns_ptr: dnsPtr,
    protection: { delete: address.protected },
    location: showLocation(location),
    datacenter: showDataCenter(location, cloud),
  };
}
