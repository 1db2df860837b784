import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import { actionStatus, isExclusive, isLocked, showAction } from "./actionRoutes.ts";
import { findLocation, images, showDataCenter, showImage, showLocation, showServerType } from "./catalogRoutes.ts";
import type { Cloud, PrimaryIp, Server } from "./cloud.ts";
import { createServer, hostname, passwordOf } from "./createServer.ts";
import { selects } from "./firewallRoutes.ts";
import { answer, failure, fieldsOf, invalid, jsonError, notFound } from "./replies.ts";
import { resourceRoutes } from "./resourceRoutes.ts";
import { withPointer } from "./withPointer.ts";

export function statusOf(server: Server, { actions, kit }: Cloud): string {
  const making = actions.get(server.making);
  const state = making === undefined ? "success" : actionStatus(making, kit.now());
  if (state === "running") return "initializing";
  return state === "error" ? "off" : server.power;
}

export function serverRoutes(cloud: Cloud): Route[] {
  const { servers } = cloud;
  return [
    ...resourceRoutes(
      {
        path: "servers",
        key: "server",
        items: servers,
        show: (server) => showServer(server, cloud),
        keep: (server, query) => {
          const statuses = query.getAll("status");
          return statuses.length === 0 || statuses.includes(statusOf(server, cloud));
        },
        update(_server, { name }) {
          return typeof name === "string" && !hostname.test(name)
            ? invalid({ name: "is not a valid hostname" })
            : undefined;
        },
        async remove(server) {
          if (server.protected) return failure(423, "protected", "server is protected against deletion");
          await removeServer(server, cloud);
          const action = cloud.act("delete_server", [{ id: server.id, type: "server" }]);
          return answer(200, { action: showAction(action, cloud) });
        },
      },
      cloud,
    ),
    {
      method: "POST",
      path: "/v1/servers",
      creates: "server",
      handle: (request) => createServer(request, cloud, (server) => showServer(server, cloud)),
    },
    ...Object.entries(serverActions).map(([command, act]): Route => ({
      method: "POST",
      path: `/v1/servers/:id/actions/${command}`,
      handle(request) {
        const server = servers.get(request.params["id"] ?? "");
        if (server === undefined) return notFound("server", request.params["id"] ?? "");
        const name = names[command] ?? command;
        if (isExclusive(name) && isLocked(server, cloud)) return failure(423, "locked", "server is locked");
        const refused = act(server, request, cloud);
        if (refused !== undefined) return refused;
        const action = showAction(cloud.act(name, [{ id: server.id, type: "server" }]), cloud);
        return answer(201, command === "rebuild" ? { action, root_password: passwordOf(server) } : { action });
      },
    })),
  ];
}

/** What the API calls the action that a command starts, where that differs. */
const names: Record<string, string> = {
  poweron: "start_server",
  poweroff: "stop_server",
  shutdown: "shutdown_server",
  reboot: "reboot_server",
  reset: "reset_server",
  change_type: "change_server_type",
  rebuild: "rebuild_server",
};

type ServerAction = (server: Server, request: ApiRequest, cloud: Cloud) => Reply | undefined;

const power =
  (state: Server["power"]): ServerAction =>
  (server, _request, { servers }) => {
    servers.put({ ...server, power: state });
    return undefined;
  };

const serverActions: Record<string, ServerAction> = {
  poweron: power("running"),
  poweroff: power("off"),
  shutdown: power("off"),
  reboot: power("running"),
  reset: power("running"),
  change_type(server, request, cloud) {
    const fields = fieldsOf(request);
    if (fields === undefined) return jsonError();
    const wanted = fields["server_type"];
    const type = cloud.serverTypes.find(({ id, name }) => name === wanted || id === wanted);
    if (type === undefined) return invalid({ server_type: "server type not found" });
    const image = images.find(({ id }) => id === server.image);
    if (type.retired || type.architecture !== image?.architecture || !(server.location in type.prices)) {
      return failure(422, "invalid_server_type", "the server type does not fit for the given server or is deprecated");
    }
    if (server.power !== "off") return failure(422, "server_not_stopped", "server must be stopped");
    if (type.disk < server.diskSize) return failure(422, "invalid_server_type", "the server's disk is too large");
    const diskSize = fields["upgrade_disk"] === true ? type.disk : server.diskSize;
    cloud.servers.put({ ...server, type: type.name, diskSize });
    return undefined;
  },
  rebuild(server, request, { servers }) {
    if (server.protected) return failure(423, "protected", "server is protected against rebuilding");
    const wanted = fieldsOf(request)?.["image"];
    const image = images.find(({ id, name }) => name === wanted || id === wanted);
    if (image === undefined) return invalid({ image: "image not found" });
    servers.put({ ...server, image: image.id });
    return undefined;
  },
  change_protection(server, request, { servers }) {
    const fields = fieldsOf(request);
    if (fields === undefined) return jsonError();
    const { delete: deletion, rebuild } = fields;
    if (typeof deletion !== "boolean" || deletion !== rebuild) {
      return invalid({ rebuild: "delete and rebuild must have the same value" });
    }
    servers.put({ ...server, protected: deletion });
    return undefined;
  },
  change_dns_ptr(server, request, { primaryIps, kit }) {
    const { ip, dns_ptr: pointer } = fieldsOf(request) ?? {};
    const [changed] = [server.ipv4, server.ipv6].flatMap((id) => {
      const address = id === undefined ? undefined : primaryIps.get(id);
      return (address === undefined ? undefined : withPointer(address, ip, pointer, kit)) ?? [];
    });
    if (changed === undefined) return invalid({ ip: "does not belong to the server" });
    primaryIps.put(changed);
    return undefined;
  },
};

/** Takes a server away with everything that goes with it. */
export async function removeServer(server: Server, cloud: Cloud): Promise<void> {
  const { servers, volumes, firewalls, primaryIps, kit } = cloud;
  servers.remove(server.id);
  for (const volume of volumes.all()) if (volume.server === server.id) volumes.put({ ...volume, server: null });
  for (const firewall of firewalls.all()) {
    firewalls.put({ ...firewall, servers: firewall.servers.filter((id) => id !== server.id) });
  }
  for (const address of primaryIps.all()) {
    if (address.assignee !== server.id) continue;
    if (address.autoDelete) primaryIps.remove(address.id);
    else primaryIps.put({ ...address, assignee: null });
  }
  await kit.machines.remove(String(server.id));
}

function showServer(server: Server, cloud: Cloud): object {
  const { serverTypes, volumes, firewalls, primaryIps } = cloud;
  const type = serverTypes.find(({ name }) => name === server.type);
  const image = images.find(({ id }) => id === server.image);
  const ipv4 = server.ipv4 === undefined ? undefined : primaryIps.get(server.ipv4);
  const ipv6 = server.ipv6 === undefined ? undefined : primaryIps.get(server.ipv6);
  const status = statusOf(server, cloud);
  return {
    id: server.id,
    name: server.name,
    status,
    created: server.created,
    public_net: {
      ipv4: ipv4 === undefined ? null : { id: ipv4.id, ip: ipv4.ip, blocked: false, dns_ptr: pointerOf(ipv4) },
      ipv6: ipv6 === undefined ? null : { id: ipv6.id, ip: ipv6.ip, blocked: false, dns_ptr: ipv6.dnsPtr },
      floating_ips: [],
      firewalls: firewalls
        .all()
        .filter((firewall) => firewall.servers.includes(server.id) || selects(firewall, server))
        .map(({ id }) => ({ id, status: "applied" })),
    },
    private_net: [],
    server_type: type === undefined ? null : showServerType(type),
    location: showLocation(server.location),
    datacenter: showDataCenter(findLocation(server.location)?.name ?? "", cloud),
    image: image === undefined ? null : showImage(image),
    iso: null,
    rescue_enabled: false,
    locked: isLocked(server, cloud),
    backup_window: null,
    outgoing_traffic: 0,
    ingoing_traffic: 0,
    included_traffic: 20 * 2 ** 40,
    protection: { delete: server.protected, rebuild: server.protected },
    labels: server.labels,
    volumes: volumes
      .all()
      .filter((volume) => volume.server === server.id)
      .map(({ id }) => id),
    load_balancers: [],
    primary_disk_size: server.diskSize,
    placement_group: null,
  };
}

function pointerOf({ ip, dnsPtr }: PrimaryIp): string {
  return dnsPtr[0]?.dns_ptr ?? `static.${ip.split(".").reverse().join(".")}.clients.your-server.de`;
}
