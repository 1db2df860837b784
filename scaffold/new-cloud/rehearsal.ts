import type { ApiRequest, ErrorKind, Rehearsal, RehearsalKit, Reply, Simulation } from "landfall/rehearsal";

/** A simulation of the part of the API that the plugin and provider.ts use. docs/rehearsal.md tells more. */
const rehearsal: Rehearsal = { simulate };
export default rehearsal;

interface Server {
  id: number;
  name: string;
  labels: Record<string, string>;
  address: string;
}

function simulate(kit: RehearsalKit): Simulation {
  const servers = kit.collection<Server>("servers");
  const show = ({ id, name, labels, address }: Server): object => ({ id, name, labels, address, status: "running" });
  const remove = async (id: string): Promise<boolean> => {
    await kit.machines.remove(id);
    return servers.remove(Number(id));
  };
  return {
    // TODO: the calls of the plugin, as the cloud documents them. An apply names the first one that is missing.
    routes: [
      {
        method: "GET",
        path: "/v1/servers",
        handle({ query }) {
          const stack = query.get("stack");
          const found = servers.all().filter(({ labels }) => stack === null || labels["stack"] === stack);
          return { status: 200, body: { servers: found.map(show) } };
        },
      },
      {
        method: "POST",
        path: "/v1/servers",
        // Where --fault strikes unless another call is named.
        creates: "server",
        async handle({ body }) {
          const { name = "", labels = {}, user_data: userData = "" } = (body ?? {}) as Record<string, never>;
          const id = kit.number();
          const size = { memory: 2048, vcpus: 1, disk: 20 };
          const { ipv4 } = await kit.machines.create({ id: String(id), name, ...size, userData });
          return { status: 201, body: { server: show(servers.put({ id, name, labels, address: ipv4 })) } };
        },
      },
      {
        method: "GET",
        path: "/v1/servers/:id",
        handle({ params }) {
          const server = servers.get(Number(params["id"]));
          return server === undefined ? failure(404, "not found") : { status: 200, body: { server: show(server) } };
        },
      },
      {
        method: "DELETE",
        path: "/v1/servers/:id",
        handle: async ({ params }) =>
          (await remove(params["id"] ?? "")) ? { status: 204 } : failure(404, "not found"),
      },
    ],
    authenticate: ({ headers }) =>
      /^Bearer [A-Za-z0-9]{32}$/.test(headers["authorization"] ?? "") ? undefined : failure(401, "unauthorized"),
    error,
    servers: () => servers.all().map(({ id, name, address }) => ({ id: String(id), name, running: true, address })),
    removeServer: async (id) => void (await remove(id)),
    // Everything that costs money or stands in the way: nothing of it may be left after a destroy.
    resources: () => servers.all().map(({ id, name }) => ({ kind: "server", id: String(id), name })),
  };
}

// TODO: the form that the cloud's errors have.
function failure(status: number, message: string): Reply {
  return { status, body: { error: { message } } };
}

function error(kind: ErrorKind, { method, path }: ApiRequest): Reply {
  switch (kind) {
    case "rate-limit":
      return failure(429, "too many requests");
    case "server-error":
      return failure(500, "internal error");
    case "out-of-stock":
      return failure(409, "no server of this size is left in this region");
    case "unsupported":
      return failure(501, `the simulation does not support ${method} ${path}`);
  }
}
