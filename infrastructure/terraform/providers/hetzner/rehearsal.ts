import type { ApiRequest, ErrorKind, Rehearsal, RehearsalKit, Reply, Simulation } from "landfall/rehearsal";
import { createCloud } from "./rehearsal/cloud.ts";
import { catalogRoutes } from "./rehearsal/catalogRoutes.ts";
import { firewallRoutes } from "./rehearsal/firewallRoutes.ts";
import { primaryIpRoutes } from "./rehearsal/primaryIpRoutes.ts";
import { failure } from "./rehearsal/replies.ts";
import { removeServer, serverRoutes, statusOf } from "./rehearsal/serverRoutes.ts";
import { sshKeyRoutes } from "./rehearsal/sshKeyRoutes.ts";
import { actionRoutes } from "./rehearsal/actionRoutes.ts";
import { volumeRoutes } from "./rehearsal/volumeRoutes.ts";

const rehearsal: Rehearsal = { simulate };
export default rehearsal;

async function simulate(kit: RehearsalKit): Promise<Simulation> {
  const cloud = await createCloud(kit);
  return {
    routes: [
      ...actionRoutes(cloud),
      ...catalogRoutes(cloud),
      ...serverRoutes(cloud),
      ...firewallRoutes(cloud),
      ...volumeRoutes(cloud),
      ...primaryIpRoutes(cloud),
      ...sshKeyRoutes(cloud),
    ],
    authenticate,
    error,
    servers: () =>
      cloud.servers.all().map((server) => ({
        id: String(server.id),
        name: server.name,
        running: statusOf(server, cloud) === "running",
        ...(server.ipv4 === undefined ? {} : { address: cloud.primaryIps.get(server.ipv4)?.ip ?? "" }),
      })),
    async removeServer(id) {
      const server = cloud.servers.get(id);
      if (server !== undefined) await removeServer(server, cloud);
    },
    resources: () =>
      (["servers", "firewalls", "volumes", "primaryIps", "sshKeys"] as const).flatMap((kind) =>
        cloud[kind].all().map(({ id, name }) => ({ kind: kind.replace(/s$/, ""), id: String(id), name })),
      ),
  };
}

function authenticate({ headers }: ApiRequest): Reply | undefined {
  return /^Bearer [A-Za-z0-9]{64}$/.test(headers["authorization"] ?? "")
    ? undefined
    : failure(401, "unauthorized", "unable to authenticate");
}

function error(kind: ErrorKind, { method, path }: ApiRequest): Reply {
  switch (kind) {
    case "rate-limit":
      return failure(429, "rate_limit_exceeded", "limit of 3600 requests per hour reached");
    case "server-error":
      return failure(500, "server_error", "internal server error");
    case "out-of-stock":
      return failure(412, "resource_unavailable", "error during placement");
    case "unsupported":
      return failure(501, "unsupported_error", `the simulation does not support ${method} ${path}`);
  }
}
