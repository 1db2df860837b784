import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canary } from "../support/canary.ts";
import { everyCloud, everyRehearsed } from "../support/cloudsOf.ts";
import { landfall, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { simulate } from "../support/simulate.ts";

let tree: Tree;
beforeAll(async () => {
  tree = await makeTree();
});
afterAll(() => tree.remove());

/** No credentials, no configuration: a clone as it is. */
const rehearse = (stack: string, ...more: string[]): Promise<Outcome> =>
  landfall(tree.root, ["rehearse", stack, "--yes", "--json", ...more]);

describe("every provider is rehearsed with its genuine plugin, from a plain clone", () => {
  test.concurrent.each(everyRehearsed)("production/%s", async (provider) => {
    const { result, stdout } = await rehearse(`production/${provider}`);
    expect(result, stdout.slice(-4000)).toMatchObject({ ok: true, stack: `production/${provider}` });
    expect((result["steps"] as { step: string }[]).map(({ step }) => step)).toEqual([
      "init",
      "plan",
      "apply",
      "second plan",
      "status",
      "destroy",
    ]);
    expect(result["pluginVersion"]).toMatch(/^\d+\.\d+\.\d+$/);
    const calls = result["calls"] as { count: number }[];
    if (everyCloud.includes(provider)) expect(calls.length).toBeGreaterThan(5);
    else expect(calls).toEqual([]);
  });
});

describe("with a data disk and a reserved address", () => {
  test.concurrent.each(everyRehearsed)("production/%s", async (provider) => {
    const { result, stdout } = await rehearse(
      `production/${provider}`,
      ...["--set", "DATA_DISK_SIZE=10", "--set", "RESERVE_ADDRESS=true"],
    );
    expect(result, stdout.slice(-4000)).toMatchObject({ ok: true });
  });
});

describe("afterwards", () => {
  test("nothing is left in the clone: no stack, no throw-away directory, no configuration", async () => {
    const infrastructure = join(tree.root, "infrastructure");
    expect(await readdir(infrastructure)).not.toContain("stacks");
    expect(await readdir(join(infrastructure, "rehearsal", "throw-away"))).toEqual([]);
    const environments = await readdir(join(infrastructure, "config", "environments"));
    expect(environments.filter((name) => name.endsWith(".env"))).toEqual([]);
  });
});

describe("what is refused", () => {
  test.each([
    [["rehearse", "production/hetzner", "--fault", "flood"], 3, /rate-limit/],
    [["rehearse", "production/libvirt", "--boot"], 3, /are real/],
    [["rehearse", "production/hetzner", "--boot", "--set", "DATA_DISK_SIZE=10"], 3, /no data disk/],
    [["rehearse", "production/aws", "--boot"], 3, /cannot do --boot/],
    [["simulate", "aws", "--data", "/nowhere/data.json"], 3, /cannot do --data/],
    [["apply", "production/hetzner", "--rehearsal"], 4, /landfall simulate hetzner/],
    [["simulate", "libvirt"], 3, /cannot be rehearsed/],
    [["rehearse", "development/existing-host"], 3, /cannot be rehearsed/],
  ] as const)("%j", async (argv, status, text) => {
    const outcome = await landfall(tree.root, [...argv, "--yes"]);
    expect(outcome.stderr).toMatch(text);
    expect(outcome.status).toBe(status);
  });

  test("a port that is taken, and a second simulation of one provider", async () => {
    const simulation = await simulate(tree.root, "hetzner");
    try {
      const port = URL.parse(simulation.origin)?.port ?? "";
      const taken = await landfall(tree.root, ["simulate", "digitalocean", "--port", port, "--yes"]);
      expect([taken.status, taken.stderr]).toEqual([3, expect.stringMatching(/cannot be used: EADDRINUSE[^]*--port/)]);
      const second = await landfall(tree.root, ["simulate", "hetzner", "--yes"]);
      expect([second.status, second.stderr]).toEqual([5, expect.stringMatching(/being served already/)]);
    } finally {
      await simulation.stop();
    }
  });

  test("a real stack never goes to a simulation, nor a rehearsal to a real stack", async () => {
    const token = { PROVIDER_HETZNER_TOKEN: canary("a token that is not rehearsed", 64) };
    const real = await landfall(tree.root, ["plan", "development/hetzner"], {
      ...token,
      HCLOUD_ENDPOINT: "http://localhost:8000/v1",
    });
    expect(real.status).toBe(5);
    expect(real.stderr).toMatch(/--rehearsal/);
  });
});
