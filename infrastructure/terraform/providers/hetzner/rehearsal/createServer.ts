import type { ApiRequest, Reply } from "landfall/rehearsal";
import { showAction } from "./actionRoutes.ts";
import { findLocation, images } from "./catalogRoutes.ts";
import type { Cloud, PrimaryIp, Server, ServerType, Volume } from "./cloud.ts";
import type { Labels } from "./labels.ts";
import { newPrimaryIp } from "./primaryIpRoutes.ts";
import { answer, failure, fieldsOf, invalid, jsonError } from "./replies.ts";
import { checkNaming, nameTaken } from "./resourceRoutes.ts";

/** RFC 1123: what a server's name has to be. */
export const hostname =
  /^(?=.{1,253}$)[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

/** 32 KiB is what the API takes. */
const mostUserData = 32 * 1024;

interface Order {
  name: string;
  type: ServerType;
  image: number;
  location: string;
  userData: string;
  labels: Labels | undefined;
  firewalls: number[];
  volumes: Volume[];
  addresses: { ipv4: PrimaryIp | boolean; ipv6: PrimaryIp | boolean };
  start: boolean;
  hasKey: boolean;
}

export async function createServer(
  request: ApiRequest,
  cloud: Cloud,
  show: (server: Server) => object,
): Promise<Reply> {
  const fields = fieldsOf(request);
  if (fields === undefined) return jsonError();
  const order = readOrder(fields, cloud);
  if ("status" in order) return order;

  const { kit, servers, firewalls, volumes, primaryIps } = cloud;
  const base = cloud.named(order.name, order.labels);
  const resources = [{ id: base.id, type: "server" }];
  const making = cloud.act("create_server", resources, { fails: kit.actionFails() });
  const { type, location, userData } = order;
  const machine = await kit.machines.create({
    id: String(base.id),
    name: order.name,
    memory: type.memory * 1024,
    vcpus: type.cores,
    disk: type.disk,
    userData,
  });
  const assign = (address: PrimaryIp | boolean, kind: "ipv4" | "ipv6"): number | undefined => {
    if (address === false) return undefined;
    const ip = kind === "ipv4" ? machine.ipv4 : `${machine.ipv6.replace(/1$/, "")}/64`;
    if (address === true) return newPrimaryIp({ type: kind, ip, location, assignee: base.id }, cloud).id;
    return primaryIps.put({ ...address, assignee: base.id }).id;
  };
  const ipv4 = assign(order.addresses.ipv4, "ipv4");
  const ipv6 = assign(order.addresses.ipv6, "ipv6");
  const server = servers.put({
    ...base,
    type: type.name,
    image: order.image,
    location,
    power: order.start ? "running" : "off",
    making: making.id,
    userData,
    ...(ipv4 === undefined ? {} : { ipv4 }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
    diskSize: type.disk,
    protected: false,
    hasKey: order.hasKey,
  });
  for (const id of order.firewalls) {
    const firewall = firewalls.get(id);
    if (firewall !== undefined) firewalls.put({ ...firewall, servers: [...firewall.servers, server.id] });
  }
  const next = order.start ? [cloud.act("start_server", resources, { durationMs: kit.actionMs * 2 })] : [];
  for (const volume of order.volumes) {
    volumes.put({ ...volume, server: server.id });
    next.push(cloud.act("attach_volume", [...resources, { id: volume.id, type: "volume" }]));
  }
  return answer(201, {
    server: show(server),
    action: showAction(making, cloud),
    next_actions: next.map((action) => showAction(action, cloud)),
    root_password: passwordOf(server),
  });
}

/** None where an SSH key is to be used. */
export function passwordOf({ id, hasKey }: Server): string | null {
  return hasKey ? null : `rehearsal-${id}`;
}

function readOrder(fields: Record<string, unknown>, cloud: Cloud): Order | Reply {
  const wrong = checkNaming(fields, true);
  const { name, server_type: typeName, image: imageName, user_data: userData = "" } = fields;
  if (typeof name === "string" && !hostname.test(name)) wrong["name"] = "is not a valid hostname";
  const type = cloud.serverTypes.find((item) => item.name === typeName || item.id === typeName);
  if (type === undefined) wrong["server_type"] = typeName === undefined ? "is required" : "server type not found";
  const candidates = images.filter((item) => item.name === imageName || item.id === imageName);
  const image = candidates.find(({ architecture }) => architecture === type?.architecture) ?? candidates[0];
  if (image === undefined) wrong["image"] = imageName === undefined ? "is required" : "image not found";
  const location = findLocation(fields["location"] ?? fields["datacenter"] ?? "fsn1");
  if (location === undefined) wrong["location"] = "location not found";
  if (typeof userData !== "string" || new TextEncoder().encode(userData).length > mostUserData) {
    wrong["user_data"] = "must be text of at most 32 KiB";
  }
  const keys = listIn(fields["ssh_keys"]);
  if (!keys.every((key) => cloud.sshKeys.find(({ id, name: own }) => own === key || String(id) === String(key)))) {
    wrong["ssh_keys"] = "SSH key not found";
  }
  const firewalls = listIn(fields["firewalls"]).map((item) => Number((item as Record<string, unknown>)["firewall"]));
  if (firewalls.some((id) => cloud.firewalls.get(id) === undefined)) wrong["firewalls"] = "firewall not found";
  const volumes = listIn(fields["volumes"]).map((id) => cloud.volumes.get(Number(id)));
  if (volumes.includes(undefined)) wrong["volumes"] = "volume not found";
  // The simulation has neither networks nor placement groups: none that is named exists.
  if (listIn(fields["networks"]).length > 0) wrong["networks"] = "network not found";
  if (fields["placement_group"] !== undefined && fields["placement_group"] !== null) {
    wrong["placement_group"] = "placement group not found";
  }
  if (Object.keys(wrong).length > 0 || type === undefined || image === undefined || location === undefined) {
    return invalid(wrong);
  }
  if (cloud.servers.all().some((server) => server.name === name)) return nameTaken("server");
  if (type.retired) return failure(422, "invalid_server_type", `server type ${type.id} is deprecated`);
  if (image.architecture !== type.architecture) {
    return invalid({ image: "is not available for the architecture of the server type" });
  }
  if (!(location.name in type.prices)) {
    return failure(422, "invalid_input", "unsupported location for server type");
  }
  const found = volumes.filter((volume) => volume !== undefined);
  if (found.some(({ server }) => server !== null)) {
    return failure(422, "volume_already_attached", "volume is already attached");
  }
  if (found.some((volume) => volume.location !== location.name)) {
    return invalid({ volumes: "are in a different location" });
  }
  const addresses = readAddresses(fields["public_net"], location.name, cloud);
  if ("status" in addresses) return addresses;
  return {
    name: String(name),
    type,
    image: image.id,
    location: location.name,
    userData: String(userData),
    labels: (fields["labels"] ?? undefined) as Labels | undefined,
    firewalls,
    volumes: found,
    addresses,
    start: fields["start_after_create"] !== false,
    hasKey: keys.length > 0,
  };
}

function readAddresses(value: unknown, location: string, { primaryIps }: Cloud): Order["addresses"] | Reply {
  const net = (value ?? {}) as Record<string, unknown>;
  const found: Record<string, PrimaryIp | boolean> = {};
  for (const kind of ["ipv4", "ipv6"] as const) {
    const id = net[kind];
    if (typeof id !== "number") {
      found[kind] = net[`enable_${kind}`] !== false;
      continue;
    }
    const address = primaryIps.get(id);
    if (address === undefined) return invalid({ [`public_net.${kind}`]: "primary IP not found" });
    if (address.type !== kind)
      return failure(412, "primary_ip_version_mismatch", "the primary IP has the wrong version");
    if (address.assignee !== null) return failure(422, "primary_ip_assigned", "the primary IP is already assigned");
    if (address.location !== location) {
      return failure(422, "primary_ip_datacenter_mismatch", "the primary IP is in a different location");
    }
    found[kind] = address;
  }
  return { ipv4: found["ipv4"] ?? true, ipv6: found["ipv6"] ?? true };
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
