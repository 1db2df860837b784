import type { ApiRequest, ErrorKind, Rehearsal, Reply, Route, Simulation } from "landfall/rehearsal";
import { accountRoutes } from "./rehearsal/account.ts";
import { actionRoutes, destroyDroplet, settle } from "./rehearsal/actions.ts";
import { addressRoutes } from "./rehearsal/addresses.ts";
import { createCloud, type Cloud } from "./rehearsal/cloud.ts";
import { dropletActionRoutes } from "./rehearsal/dropletActions.ts";
import { dropletRoutes } from "./rehearsal/droplets.ts";
import { firewallRoutes } from "./rehearsal/firewalls.ts";
import { keyRoutes } from "./rehearsal/keys.ts";
import { networkRoutes } from "./rehearsal/networks.ts";
import { problem } from "./rehearsal/replies.ts";
import { tagRoutes } from "./rehearsal/tags.ts";
import { volumeActionRoutes } from "./rehearsal/volumeActions.ts";
import { volumeRoutes } from "./rehearsal/volumes.ts";

const rehearsal: Rehearsal = {
  async simulate(kit) {
    const cloud = await createCloud(kit);
    return { ...simulationOf(cloud), routes: withLimits(cloud, routesOf(cloud)) };
  },
};
export default rehearsal;

function routesOf(cloud: Cloud): Route[] {
  return [
    ...accountRoutes(cloud),
    ...actionRoutes(cloud),
    ...dropletRoutes(cloud),
    ...dropletActionRoutes(cloud),
    ...firewallRoutes(cloud),
    ...keyRoutes(cloud),
    ...networkRoutes(cloud),
    ...tagRoutes(cloud),
    ...volumeRoutes(cloud),
    ...volumeActionRoutes(cloud),
    ...addressRoutes(cloud),
  ];
}

function simulationOf(cloud: Cloud): Omit<Simulation, "routes"> {
  return {
    // DigitalOcean's older client for Python ends every path so.
    ignoresLastSlash: true,
    authenticate({ headers }) {
      const [, token = ""] = /^Bearer (\S+)$/i.exec(headers["authorization"] ?? "") ?? [];
      return wellFormed.test(token) ? undefined : problem(401, "Unauthorized", "Unable to authenticate you");
    },
    error,
    async servers() {
      await settle(cloud);
      return cloud.droplets.all().map(({ id, name, status, ipv4 }) => ({
        id: String(id),
        name,
        running: status === "active",
        address: ipv4,
      }));
    },
    removeServer: (id) => destroyDroplet(cloud, Number(id)),
    async resources() {
      await settle(cloud);
      return [
        ...cloud.droplets.all().map(({ id, name }) => ({ kind: "droplet", id: String(id), name })),
        ...cloud.volumes.all().map(({ id, name }) => ({ kind: "volume", id, name })),
        ...cloud.firewalls.all().map(({ id, name }) => ({ kind: "firewall", id, name })),
        ...cloud.addresses.all().map(({ id }) => ({ kind: "reserved IP", id, name: id })),
        ...cloud.keys.all().map(({ id, name }) => ({ kind: "SSH key", id: String(id), name })),
        ...cloud.tags.all().map(({ id }) => ({ kind: "tag", id, name: id })),
      ];
    },
  };
}

const wellFormed = /^((dop|doo|dor)_v1_)?[a-f0-9]{64}$/;

function error(kind: ErrorKind, { method, path }: ApiRequest): Reply {
  switch (kind) {
    case "unsupported":
      return problem(
        501,
        "not_implemented",
        `this simulation does not support ${method} ${path}; its README lists what it does`,
      );
    case "rate-limit":
      return problem(429, "too_many_requests", "API Rate limit exceeded.");
    case "out-of-stock":
      return problem(422, "unprocessable_entity", "Size is not available in this region.");
    case "server-error":
      return problem(500, "server_error", "Unexpected server-side error");
  }
}

const hourlyLimit = 5000;

/** Each request first sees what has become due, and is told how many more may come. */
function withLimits(cloud: Cloud, routes: readonly Route[]): Route[] {
  let remaining = hourlyLimit;
  return routes.map((each) => ({
    ...each,
    async handle(request) {
      await settle(cloud);
      const reply = await each.handle(request);
      remaining = Math.max(1, remaining - 1);
      const limits = {
        "ratelimit-limit": String(hourlyLimit),
        "ratelimit-remaining": String(remaining),
        "ratelimit-reset": String(Math.floor(cloud.kit.now() / 1000) + 3600),
      };
      return { ...reply, headers: { ...limits, ...reply.headers } };
    },
  }));
}
