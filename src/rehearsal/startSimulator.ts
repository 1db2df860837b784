import { randomUUID } from "node:crypto";
import type { Host } from "../host/Host.ts";
import type { ServedReply } from "../ports/Network.ts";
import type { Ports } from "../ports/Ports.ts";
import { addressVersion } from "./addressVersion.ts";
import { createFaults } from "./createFaults.ts";
import { createJournal, type CallCount } from "./createJournal.ts";
import { createStore } from "./createStore.ts";
import { documentationMachines } from "./documentationMachines.ts";
import type { Fault, FaultName } from "./Fault.ts";
import { forwardRequest } from "./forwardRequest.ts";
import { keyFingerprint } from "./keyFingerprint.ts";
import { matchRoute } from "./matchRoute.ts";
import { pageOf } from "./pageOf.ts";
import type { ApiRequest, Machines, Rehearsal, Reply, SimulatedResource, SimulatedServer } from "./Rehearsal.ts";
import { readRequest } from "./readRequest.ts";

export interface SimulatorRequest {
  rehearsal: Rehearsal;
  provider: { name: string; folder: string };
  cache: string;
  host: Host;
  /** Machines that run; left out, servers have addresses and nothing behind them. */
  machines?: Machines;
  faults: readonly Fault[];
  /** 0: any free one. */
  port: number;
  /** File that keeps what exists, if any. */
  data?: string;
}

/** A simulated API that answers on the loopback address. */
export interface Simulator {
  /** Such as `http://127.0.0.1:8123`. */
  origin: string;
  port: number;
  calls(): CallCount[];
  servers(): Promise<SimulatedServer[]>;
  resources(): Promise<SimulatedResource[]>;
  faultsSpent(): boolean;
  close(): Promise<void>;
}

/** How long asynchronous work of the simulated cloud takes. */
const actionMs = 600;
/** How long a slow answer takes. */
const slowMs = 8000;

export async function startSimulator(request: SimulatorRequest, ports: Ports): Promise<Simulator> {
  const { rehearsal, provider, cache, host, data } = request;
  const now = (): number => ports.clock.now();
  const store = createStore(data === undefined ? undefined : await ports.files.read(data));
  const journal = createJournal();
  const watched = request.faults.some(({ name }) => name === "server-disappears");
  let runs = false;
  const faults = createFaults(request.faults, now, () => runs);
  const simulation = await rehearsal.simulate({
    folder: provider.folder,
    cache,
    host,
    now,
    collection: (name) => store.collection(name),
    number: () => store.number(),
    uuid: () => randomUUID(),
    actionMs,
    actionFails: () => faults.actionFails(),
    machines: request.machines ?? documentationMachines((test) => store.remembers(test)),
    page: pageOf,
    addressVersion,
    keyFingerprint,
    forward: (forwarded, origin) => forwardRequest(forwarded, origin, ports),
  });

  const server = await ports.network.serve(request.port, async (served) => {
    const incoming = readRequest(served, `http://127.0.0.1:${server.port}`);
    if (incoming.path.startsWith("/.landfall")) return sent(await ownCall(incoming));
    const match = matchRoute(simulation.routes, incoming.method, routedPath(incoming));
    const described = describe(incoming);
    const known =
      described ?? (match === undefined ? undefined : { name: match.route.path, creates: match.route.creates });
    const name = described?.name ?? `${incoming.method} ${known?.name ?? incoming.path}`;
    const number = journal.begin(name);
    const handle = async (): Promise<Reply> => {
      if (match !== undefined) return match.route.handle({ ...incoming, params: match.params });
      return simulation.error("unsupported", incoming);
    };
    try {
      const refused = simulation.authenticate?.(incoming);
      if (watched && !runs) runs = (await simulation.servers()).some(({ running }) => running);
      const fault =
        refused === undefined ? faults.strike({ number, name, creates: known?.creates === "server" }) : undefined;
      const reply = refused ?? (await suffer(fault, incoming, handle));
      journal.end(name, reply !== "reset" && reply.status < 400);
      return reply === "reset" ? "reset" : sent(reply);
    } catch (error) {
      journal.end(name, false);
      report(error, name);
      return sent(failure(incoming, name));
    } finally {
      if (data !== undefined && incoming.method !== "GET") await ports.files.write(data, store.save());
    }
  });

  function routedPath({ path }: ApiRequest): string {
    return simulation.ignoresLastSlash === true ? path.replace(/(?<=.)\/$/, "") : path;
  }

  function describe(incoming: ApiRequest): ReturnType<NonNullable<typeof simulation.describe>> {
    try {
      return simulation.describe?.(incoming);
    } catch (error) {
      report(error, `describe of ${incoming.method} ${incoming.path}`);
      return undefined;
    }
  }

  function failure(incoming: ApiRequest, name: string): Reply {
    try {
      return simulation.error("server-error", incoming);
    } catch (error) {
      report(error, name);
      return { status: 500 };
    }
  }

  /** Beside the API, for this program and for tests: what exists, and servers that disappear. */
  async function ownCall({ method, path }: ApiRequest): Promise<Reply> {
    const id = /^\/\.landfall\/servers\/(.+)$/.exec(path)?.[1];
    if (method === "DELETE" && id !== undefined) {
      await simulation.removeServer(decodeURIComponent(id));
      return { status: 204 };
    }
    if (method !== "GET" || path !== "/.landfall") return { status: 404 };
    const [servers, resources] = [await simulation.servers(), await simulation.resources()];
    return { status: 200, body: { provider: provider.name, calls: journal.counts(), servers, resources } };
  }

  async function suffer(
    fault: FaultName | undefined,
    incoming: ApiRequest,
    handle: () => Promise<Reply>,
  ): Promise<Reply | "reset"> {
    switch (fault) {
      case "rate-limit": {
        const reply = simulation.error("rate-limit", incoming);
        return { ...reply, headers: { "retry-after": String(faults.retryAfter()), ...reply.headers } };
      }
      case "server-error":
      case "out-of-stock":
        return simulation.error(fault, incoming);
      case "reset":
        return "reset";
      case "answer-lost":
        await handle();
        return "reset";
      case "slow":
        await ports.clock.sleep(slowMs);
        return handle();
      case "server-disappears":
        for (const { id } of await simulation.servers()) await simulation.removeServer(id);
        return handle();
      default:
        return handle();
    }
  }

  /** A mistake of the simulation itself, which is a program of the provider's folder. */
  function report(error: unknown, name: string): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const message = `the simulation of ${provider.name} failed at ${name}: ${text}`;
    const hint = `mend ${provider.folder}/rehearsal.ts`;
    ports.emit({ type: "notice", level: "warning", code: "rehearsal.simulation", message, hint });
  }

  return {
    origin: `http://127.0.0.1:${server.port}`,
    port: server.port,
    calls: () => journal.counts(),
    servers: async () => simulation.servers(),
    resources: async () => simulation.resources(),
    faultsSpent: () => faults.spent(),
    async close() {
      await server.close();
      await simulation.stop?.();
    },
  };
}

function sent({ status, body, headers }: Reply): ServedReply {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "object" ? { "content-type": "application/json; charset=utf-8" } : {};
  return { status, headers: { ...type, ...headers }, text };
}
