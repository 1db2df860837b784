import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canary } from "../support/canary.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { simulate, type Simulation } from "../support/simulate.ts";

const run = promisify(execFile);

function installed(): boolean {
  try {
    execFileSync("hcloud", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Hetzner's own command line, as people use it, on the simulation. */
describe.skipIf(!installed())("the hcloud command (skipped: hcloud is not installed)", () => {
  let tree: Tree;
  let simulation: Simulation;
  const hcloud = async (...args: string[]): Promise<string> => {
    const env = {
      ...process.env,
      HCLOUD_TOKEN: canary("the token of hcloud", 64),
      HCLOUD_ENDPOINT: `${simulation.origin}/v1`,
    };
    return (await run("hcloud", args, { env, timeout: 60_000 })).stdout;
  };

  beforeAll(async () => {
    tree = await makeTree();
    simulation = await simulate(tree.root, "hetzner");
  });
  afterAll(async () => {
    await simulation.stop();
    await tree.remove();
  });

  test("makes, finds, changes and deletes a server with a firewall and a volume", async () => {
    await hcloud("firewall", "create", "--name", "wall");
    await hcloud("firewall", "add-rule", "wall", "--direction=in", "--protocol=tcp", "--port=22", "--source-ips=::/0");
    const place = ["--type", "cx23", "--image", "ubuntu-24.04", "--location", "nbg1"];
    const made = await hcloud("server", "create", "--name", "one", ...place, "--firewall", "wall", "--label", "a=b");
    expect(made).toMatch(/IPv4: 203\.0\.113\./);
    expect(await hcloud("server", "list", "-l", "a=b")).toMatch(/one +running/);
    await hcloud("volume", "create", "--name", "data", "--size", "10", "--server", "one");
    expect(await hcloud("volume", "list")).toMatch(/data +10 GB +one/);
    await hcloud("volume", "detach", "data");
    await hcloud("volume", "delete", "data");
    await hcloud("server", "poweroff", "one");
    await hcloud("server", "change-type", "one", "cx33", "--keep-disk");
    await hcloud("server", "poweron", "one");
    expect(await hcloud("server", "describe", "one", "-o", "format={{.ServerType.Name}} {{.Status}}")).toBe(
      "cx33 running\n",
    );
    await hcloud("firewall", "remove-from-resource", "wall", "--type", "server", "--server", "one");
    await hcloud("server", "delete", "one");
    await hcloud("firewall", "delete", "wall");
    expect((await hcloud("server", "list")).trim().split("\n")).toHaveLength(1);
  });

  test("says so where something is not supported, in Hetzner's own form", async () => {
    await expect(hcloud("load-balancer", "list")).rejects.toThrow(/does not support GET .*unsupported_error/);
  });
});
