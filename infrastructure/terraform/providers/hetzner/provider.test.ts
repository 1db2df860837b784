import { describe, expect, test } from "vitest";
import type { StackContext } from "../../../../src/providers/behaviour.ts";
import provider from "./provider.ts";

interface Call {
  url: string;
  authorization: string | undefined;
}

/** A context whose only way out is `answer`. */
function contextOf(
  answer: (url: string) => { status: number; body?: object } | "no network",
  { token = "t0ken", endpoint }: { token?: string; endpoint?: string } = {},
): { context: StackContext; calls: Call[] } {
  const calls: Call[] = [];
  const context = {
    endpoint,
    secret: () => (token === "" ? undefined : token),
    inputs: { labels: { project: "p", stack: "production_hetzner" } },
    host: {
      error: (code: string, sentence: string) => Object.assign(new Error(sentence), { code }),
      async request({ url, headers }: { url: string; headers: Record<string, string> }) {
        calls.push({ url, authorization: headers["authorization"] });
        const given = answer(url);
        if (given === "no network") throw Object.assign(new Error("unreachable"), { code: "network.unreachable" });
        return { status: given.status, headers: {}, text: JSON.stringify(given.body ?? {}) };
      },
    },
  };
  return { context: context as unknown as StackContext, calls };
}

describe("the token", () => {
  test.each([
    ["is accepted", { status: 200 }, "met"],
    ["is wrong", { status: 401 }, "missing"],
    ["may not do that", { status: 403 }, "missing"],
    ["cannot be checked", { status: 503 }, "unknown"],
    ["cannot be checked without a network", "no network", "unknown"],
  ] as const)("%s", async (_what, answer, state) => {
    const { context, calls } = contextOf(() => answer);
    const [credentials] = (await provider.checkPrerequisites?.(context)) ?? [];
    expect(credentials).toMatchObject({ id: "credentials", state });
    expect(calls).toEqual([
      { url: "https://api.hetzner.cloud/v1/locations?per_page=1", authorization: "Bearer t0ken" },
    ]);
    expect(JSON.stringify(credentials)).not.toContain("t0ken");
  });

  test("that is not set is missing, and nobody is asked", async () => {
    const { context, calls } = contextOf(() => ({ status: 200 }), { token: "" });
    expect(await provider.checkPrerequisites?.(context)).toMatchObject([{ state: "missing", detail: "it is not set" }]);
    expect(calls).toEqual([]);
  });

  test("goes to the simulation alone in a rehearsal", async () => {
    const { context, calls } = contextOf(() => ({ status: 200 }), { endpoint: "http://127.0.0.1:8123/v1" });
    await provider.checkPrerequisites?.(context);
    expect(calls.map(({ url }) => url)).toEqual(["http://127.0.0.1:8123/v1/locations?per_page=1"]);
  });
});

describe("what exists", () => {
  const lists: Record<string, object[]> = {
    servers: [{ id: 1, name: "web", status: "running" }],
    firewalls: [{ id: 2, name: "wall" }],
    volumes: [{ id: 3, name: "data", server: 1 }],
    primary_ips: [
      { id: 4, name: "kept", auto_delete: false },
      { id: 5, name: "goes with the server", auto_delete: true },
    ],
    ssh_keys: [],
  };
  const kindOf = (url: string): string => /\/v1\/(\w+)\?/.exec(url)?.[1] ?? "";

  test("is searched by label, with the address that it has in the module", async () => {
    const { context, calls } = contextOf((url) => ({ status: 200, body: { [kindOf(url)]: lists[kindOf(url)] } }));
    const found = (await provider.findOrphans?.(context)) ?? [];
    expect(found.map(({ address, id }) => [address, id])).toEqual([
      ["hcloud_firewall.firewall", "2"],
      ["hcloud_primary_ip.address[0]", "4"],
      ["hcloud_server.vm", "1"],
      ["hcloud_volume.data[0]", "3"],
      ["hcloud_volume_attachment.data[0]", "3"],
    ]);
    for (const { url } of calls) expect(decodeURIComponent(url)).toContain("stack=production_hetzner,project=p");
  });

  test("is never taken for nothing where the API did not say", async () => {
    const { context } = contextOf(() => ({ status: 500 }));
    await expect(provider.findOrphans?.(context)).rejects.toThrow(/did not say what exists/);
    expect(await provider.inspectMachine?.(context)).toMatchObject({ state: "unknown" });
  });

  test.each([
    [[], "absent"],
    [[{ id: 1, name: "web", status: "off" }], "stopped"],
    [[{ id: 1, name: "web", status: "running" }], "running"],
  ])("%j is %s", async (servers, state) => {
    const { context } = contextOf(() => ({ status: 200, body: { servers } }));
    expect(await provider.inspectMachine?.(context)).toMatchObject({ state });
  });
});

describe("the action poweron", () => {
  const poweron = async (status: string, answer: { status: number; body?: object }) => {
    const methods: string[] = [];
    const { context } = contextOf((url) =>
      url.endsWith("/actions/poweron") ? answer : { status: 200, body: { servers: [{ id: 7, name: "web", status }] } },
    );
    const { request } = context.host;
    const host = {
      ...context.host,
      request: (http: Parameters<typeof request>[0]) => {
        methods.push(`${http.method} ${/\/v1(\/[^?]*)/.exec(http.url)?.[1]}`);
        return request(http);
      },
    };
    const result = await provider.actions?.["poweron"]?.({ ...context, host } as never, []);
    return { result, methods };
  };

  test("switches a server on that is off", async () => {
    const { result, methods } = await poweron("off", { status: 201 });
    expect(methods).toEqual(["GET /servers", "POST /servers/7/actions/poweron"]);
    expect(result?.data).toEqual({ server: "web", changed: true });
  });

  test("leaves one alone that runs", async () => {
    const { result, methods } = await poweron("running", { status: 500 });
    expect(methods).toEqual(["GET /servers"]);
    expect(result?.data).toEqual({ server: "web", changed: false });
  });

  test("says what the API said", async () => {
    const locked = { status: 423, body: { error: { message: "server is locked" } } };
    await expect(poweron("off", locked)).rejects.toThrow("status 423, server is locked");
  });
});
