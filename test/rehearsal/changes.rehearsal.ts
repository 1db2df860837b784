import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyCloud } from "../support/cloudsOf.ts";
import { landfall, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { simulate, type Simulation } from "../support/simulate.ts";

/** The setting that names the image, by provider; and another value for it. */
const otherImage: Record<string, string> = {
  hetzner: "PROVIDER_HETZNER_IMAGE=debian-13",
  digitalocean: "PROVIDER_DIGITALOCEAN_IMAGE=debian-12-x64",
  aws: "PROVIDER_AWS_IMAGE_NAME=ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-*",
  gcp: "PROVIDER_GCP_IMAGE=debian-cloud/debian-12",
};
const otherKey =
  "SSH_PUBLIC_KEY=ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBFJh0Yc8yOaRmY6wlh0fGSKqkHwA2FTnbPSsnPrLbcd another";

describe.each(everyCloud)("changes of staging on %s", (provider) => {
  let tree: Tree;
  let simulation: Simulation;
  const stack = `staging/${provider}`;
  const disk = ["--set", "DATA_DISK_SIZE=10", "--set", "RESERVE_ADDRESS=true"];
  const run = async (verb: string, ...more: string[]): Promise<Outcome["result"]> => {
    const outcome = await landfall(tree.root, [verb, stack, "--rehearsal", "--yes", "--json", ...disk, ...more]);
    expect(outcome.result, outcome.stdout.slice(-3000)).toMatchObject({ ok: true });
    return outcome.result;
  };

  beforeAll(async () => {
    tree = await makeTree();
    simulation = await simulate(tree.root, provider);
    await run("apply");
  });
  afterAll(async () => {
    await run("destroy");
    await simulation.stop();
    await tree.remove();
  });

  test.each([
    ["user data", "USE_MINIMAL_CONFIG=true"],
    ["the SSH key", otherKey],
    ["the image", otherImage[provider] ?? ""],
  ])("%s leaves the machine alone", async (_what, assignment) => {
    const { summary } = await run("plan", "--set", assignment);
    expect(summary).toMatchObject({ counts: { delete: 0 } });
    expect(["none", "keep"]).toContain((summary as { machine: string }).machine);
  });

  test("another size is a restart that is announced, and keeps the data", async () => {
    const { summary } = await run("plan", "--set", "VM_MEMORY=15000", "--set", "VM_VCPUS=4");
    expect(summary).toMatchObject({ machine: "restart", data: "keep" });
  });

  test("a machine that was deleted outside is made again, once, and gets its disk and its address back", async () => {
    const before = (await landfall(tree.root, ["output", stack, "--rehearsal", "--json"])).result["outputs"];
    const kept = (value: unknown): unknown => {
      const { vm_ip, data_disk_id } = value as Record<string, unknown>;
      return { vm_ip, data_disk_id };
    };
    await removeServer(simulation.origin, provider);
    const { outputs, summary } = await run("apply");
    expect(summary).toMatchObject({ machine: "create", data: "keep" });
    expect(kept(outputs)).toEqual(kept(before));
    expect(
      ((await (await fetch(`${simulation.origin}/.landfall`)).json()) as { servers: object[] }).servers,
    ).toHaveLength(1);
    expect(await run("plan")).toMatchObject({ changes: false });
  });
});

/** As somebody would in the cloud's console. */
async function removeServer(origin: string, provider: string): Promise<void> {
  const { servers } = (await (await fetch(`${origin}/.landfall`)).json()) as {
    servers: { id: string; name: string }[];
  };
  const [server] = servers;
  if (server === undefined) throw new Error(`${provider} has no server`);
  const answer = await fetch(`${origin}/.landfall/servers/${encodeURIComponent(server.id)}`, { method: "DELETE" });
  expect(answer.status).toBe(204);
}
