import type { ApiRequest, ErrorKind, Rehearsal, RehearsalKit, Reply, Simulation } from "landfall/rehearsal";
import { addressEndpoints } from "./rehearsal/addressRoutes.ts";
import { catalogEndpoints } from "./rehearsal/catalogRoutes.ts";
import { createCloud, type Cloud, type Instance } from "./rehearsal/cloud.ts";
import { diskEndpoints } from "./rehearsal/diskRoutes.ts";
import { firewallEndpoints } from "./rehearsal/firewallRoutes.ts";
import { instanceChangeEndpoints } from "./rehearsal/instanceChanges.ts";
import { instanceEndpoints, vanish } from "./rehearsal/instanceRoutes.ts";
import { networkEndpoints } from "./rehearsal/networkRoutes.ts";
import { begin, failures, operationEndpoints, showOperation } from "./rehearsal/operations.ts";
import { failure } from "./rehearsal/replies.ts";
import { routesOf } from "./rehearsal/routing.ts";
import { statusOf } from "./rehearsal/showInstance.ts";

const rehearsal: Rehearsal = {
  environment: { GOOGLE_OAUTH_ACCESS_TOKEN: "ya29.sample-of-a-rehearsal" },
  simulate,
};
export default rehearsal;

async function simulate(kit: RehearsalKit): Promise<Simulation> {
  const cloud = await createCloud(kit);
  const endpoints = [
    ...catalogEndpoints(cloud),
    ...networkEndpoints(cloud),
    ...instanceEndpoints(cloud),
    ...instanceChangeEndpoints(cloud),
    ...diskEndpoints(cloud),
    ...addressEndpoints(cloud),
    ...firewallEndpoints(cloud),
    ...operationEndpoints(cloud),
  ];
  return {
    routes: routesOf(endpoints, cloud),
    authenticate(request) {
      cloud.settle();
      return authenticate(request);
    },
    error: (kind, request) => error(kind, request, cloud),
    servers() {
      cloud.settle();
      return cloud.instances.all().map((instance) => ({
        id: instance.id,
        name: instance.name,
        // One that disappears before anybody saw it run is waited for in vain: the plugin takes minutes to give up.
        running: instance.seen === true && statusOf(instance, cloud) === "RUNNING",
        ...addressOf(instance),
      }));
    },
    async removeServer(id) {
      const instance = cloud.instances.get(id);
      if (instance !== undefined) await vanish(instance, cloud);
    },
    resources() {
      cloud.settle();
      const kinds = { instance: "instances", disk: "disks", address: "addresses", firewall: "firewalls" } as const;
      return Object.entries(kinds).flatMap(([kind, collection]) =>
        cloud[collection].all().map(({ id, name }) => ({ kind, id, name })),
      );
    },
  };
}

function addressOf({ accessConfigs }: Instance): { address?: string } {
  const address = accessConfigs[0]?.address;
  return address === undefined ? {} : { address };
}

const header = { location: "Authorization", locationType: "header" };
const hint =
  "Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";

function authenticate({ headers }: ApiRequest): Reply | undefined {
  const given = headers["authorization"] ?? "";
  if (given === "") {
    return failure(401, "required", `Request is missing required authentication credential. ${hint}`, header);
  }
  if (/^Bearer ya29\.[\w.-]{10,}$/.test(given)) return undefined;
  return failure(401, "authError", `Request had invalid authentication credentials. ${hint}`, header);
}

function error(kind: ErrorKind, request: ApiRequest, cloud: Cloud): Reply {
  const { method, path } = request;
  switch (kind) {
    case "rate-limit":
      return failure(403, "rateLimitExceeded", "Rate Limit Exceeded", { domain: "usageLimits" });
    case "server-error":
      return failure(500, "backendError", "Internal error encountered.");
    case "out-of-stock":
      return outOfStock(request, cloud);
    case "unsupported":
      return failure(501, "notImplemented", `The simulation does not support ${method} ${path}`);
  }
}

/** The request is taken; the operation fails. */
function outOfStock({ method, path, body }: ApiRequest, cloud: Cloud): Reply {
  const match = /^\/compute\/v1\/projects\/([^/]+)\/(zones\/[^/]+)\/instances$/.exec(path);
  const [, project = "", place = ""] = match ?? [];
  const failing = failures.exhausted(`projects/${project}/${place}`);
  if (match === null || method !== "POST") return failure(503, "resourcePoolExhausted", failing.message);
  const name = typeof body === "object" && body !== null && "name" in body ? String(body.name) : "";
  const thing = cloud.thing({ project, place, name }, {});
  const operation = begin(cloud, { type: "insert", thing, kind: "instances", error: failing });
  return { status: 200, body: showOperation(operation, cloud) };
}
