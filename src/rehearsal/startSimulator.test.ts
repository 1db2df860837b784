import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Host } from "../host/Host.ts";
import type { Event } from "../events/Event.ts";
import { realPorts } from "../system/realPorts.ts";
import type { Fault } from "./Fault.ts";
import type { Rehearsal, Simulation } from "./Rehearsal.ts";
import { startSimulator, type Simulator } from "./startSimulator.ts";

interface Thing {
  id: number;
  name: string;
}

/** The smallest cloud: things can be made and listed. */
const rehearsal: Rehearsal = {
  simulate(kit): Simulation {
    const things = kit.collection<Thing>("things");
    return {
      routes: [
        { method: "GET", path: "/things", handle: () => ({ status: 200, body: things.all() }) },
        {
          method: "POST",
          path: "/things",
          creates: "server",
          handle: ({ body }) => ({
            status: 201,
            body: things.put({ id: kit.number(), name: (body as { name: string }).name }),
          }),
        },
        {
          method: "GET",
          path: "/broken",
          handle() {
            throw new Error("a mistake");
          },
        },
      ],
      authenticate: ({ headers }) => (headers["x-token"] === undefined ? { status: 401, body: "who?" } : undefined),
      error: (kind) => ({
        status: { unsupported: 501, "rate-limit": 429, "server-error": 500, "out-of-stock": 412 }[kind],
      }),
      servers: () => things.all().map(({ id, name }) => ({ id: String(id), name, running: true })),
      removeServer: (id) => void things.remove(id),
      resources: () => things.all().map(({ id, name }) => ({ kind: "thing", id: String(id), name })),
    };
  },
};

let simulator: Simulator | undefined;
const events: Event[] = [];
afterEach(async () => {
  await simulator?.close();
  events.length = 0;
});

async function start(
  faults: readonly Fault[] = [],
  data?: string,
  cloud: Rehearsal = rehearsal,
): Promise<(method: string, path: string, body?: object) => Promise<Response>> {
  const ports = { ...realPorts(), emit: (event: Event) => void events.push(event) };
  const started = await startSimulator(
    {
      rehearsal: cloud,
      provider: { name: "tiny", folder: "/nowhere" },
      cache: "/nowhere",
      host: {} as Host,
      faults,
      port: 0,
      ...(data === undefined ? {} : { data }),
    },
    ports,
  );
  simulator = started;
  return (method, path, body) =>
    fetch(started.origin + path, {
      method,
      headers: { "x-token": "t", "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}

describe("startSimulator", () => {
  it("answers its routes, and 501 for everything else", async () => {
    const call = await start();
    expect((await call("POST", "/things", { name: "a" })).status).toBe(201);
    expect(await (await call("GET", "/things?x=1")).json()).toMatchObject([{ name: "a" }]);
    expect((await call("PUT", "/things")).status).toBe(501);
    expect((await call("GET", "/other")).status).toBe(501);
  });

  it("takes a slash at the end where the API does, under the route's own name", async () => {
    const strict = await start();
    expect((await strict("GET", "/things/")).status).toBe(501);
    await simulator?.close();
    const lenient: Rehearsal = {
      simulate: async (kit) => ({ ...(await rehearsal.simulate(kit)), ignoresLastSlash: true }),
    };
    const call = await start([], undefined, lenient);
    expect((await call("GET", "/things/?x=1")).status).toBe(200);
    expect((await call("GET", "/")).status).toBe(501);
    expect(simulator?.calls()[0]).toEqual({ name: "GET /things", count: 1, failed: 0 });
  });

  it("asks who calls before anything else", async () => {
    await start();
    const answer = await fetch(`${simulator?.origin}/things`);
    expect([answer.status, await answer.text()]).toEqual([401, "who?"]);
  });

  it("counts calls and failures by route", async () => {
    const call = await start();
    await call("GET", "/things");
    await call("GET", "/things?page=2");
    await call("DELETE", "/things");
    expect(simulator?.calls()).toEqual([
      { name: "GET /things", count: 2, failed: 0 },
      { name: "DELETE /things", count: 1, failed: 1 },
    ]);
  });

  it("tells of its own mistakes, and goes on", async () => {
    const call = await start();
    expect((await call("GET", "/broken")).status).toBe(500);
    expect(events).toContainEqual(expect.objectContaining({ code: "rehearsal.simulation" }));
    expect((await call("GET", "/things")).status).toBe(200);
  });

  it("loses an answer after the work was done", async () => {
    const call = await start([{ name: "answer-lost" }]);
    await expect(call("POST", "/things", { name: "a" })).rejects.toThrow();
    expect(await simulator?.servers()).toHaveLength(1);
  });

  it("cuts the connection before the work is done", async () => {
    const call = await start([{ name: "reset" }]);
    await expect(call("POST", "/things", { name: "a" })).rejects.toThrow();
    expect(await simulator?.servers()).toHaveLength(0);
    expect((await call("POST", "/things", { name: "a" })).status).toBe(201);
  });

  it("says when to come back", async () => {
    const call = await start([{ name: "rate-limit", call: 1 }]);
    const answer = await call("GET", "/things");
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(20);
  });

  it("lets a server disappear once it runs", async () => {
    const call = await start([{ name: "server-disappears" }]);
    await call("POST", "/things", { name: "a" });
    expect(await (await call("GET", "/things")).json()).toEqual([]);
    expect(simulator?.faultsSpent()).toBe(true);
  });

  it("keeps what exists in a file", async () => {
    const directory = mkdtempSync(join(tmpdir(), "landfall-data-"));
    const file = join(directory, "data.json");
    await (
      await start([], file)
    )("POST", "/things", { name: "a" });
    await simulator?.close();
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ collections: { things: [{ name: "a" }] } });
    const call = await start([], file);
    expect(await (await call("GET", "/things")).json()).toMatchObject([{ name: "a" }]);
    rmSync(directory, { recursive: true });
  });

  it("gives a server no address that another has in the file", async () => {
    const directory = mkdtempSync(join(tmpdir(), "landfall-data-"));
    const file = join(directory, "data.json");
    const cloud: Rehearsal = {
      async simulate(kit) {
        const things = kit.collection<Thing & { ipv4: string }>("things");
        const handle = async (): Promise<{ status: number; body: string }> => {
          const id = kit.number();
          const { ipv4 } = await kit.machines.create({
            id: String(id),
            name: "a",
            memory: 1,
            vcpus: 1,
            disk: 1,
            userData: "",
          });
          return { status: 201, body: things.put({ id, name: "a", ipv4 }).ipv4 };
        };
        return { ...(await rehearsal.simulate(kit)), routes: [{ method: "POST", path: "/things", handle }] };
      },
    };
    const given = [];
    for (let run = 0; run < 2; run += 1) {
      const call = await start([], file, cloud);
      given.push(await (await call("POST", "/things")).text());
      await simulator?.close();
    }
    expect(given).toEqual(["203.0.113.10", "203.0.113.11"]);
    rmSync(directory, { recursive: true });
  });
});
