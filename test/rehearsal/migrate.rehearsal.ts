import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { landfall, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { makeOldTree, type OldTree } from "../support/oldTool.ts";
import { simulate, type Simulation } from "../support/simulate.ts";

/** A server that the shell version made, with the genuine plugin, at the simulated cloud. */
let tree: Tree;
let old: OldTree;
let simulation: Simulation;
const stack = "production/hetzner";

const asBefore = {
  vm_name: "torrust-tracker-prod",
  server_type: "cx23",
  location: "fsn1",
  ssh_public_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBFJh0Yc8yOaRmY6wlh0fGSKqkHwA2FTnbPSsnPrLbcd somebody",
  labels: { purpose: "tracker" },
  firewall_name: "torrust-tracker-prod-firewall",
  ports: { "22/tcp": "", "80/tcp": "", "443/tcp": "", "7070/tcp": "", "6868/udp": "", "6969/udp": "", "1212/tcp": "" },
};
/** What Landfall itself would have made: where somebody has adapted everything by hand. */
const adapted = {
  ...asBefore,
  labels: {
    project: "torrust-tracker",
    environment: "production",
    stack: "production_hetzner",
    managed_by: "landfall",
  },
  firewall_name: "torrust-tracker-production",
  ports: {
    "22/tcp": "SSH",
    "80/tcp": "HTTP",
    "443/tcp": "HTTPS",
    "7070/tcp": "HTTP tracker",
    "6868/udp": "UDP tracker",
    "6969/udp": "UDP tracker",
  },
};

beforeEach(async () => {
  [tree, old] = await Promise.all([makeTree(), makeOldTree("cloud", "hetzner")]);
  simulation = await simulate(tree.root, "hetzner");
});
afterEach(async () => {
  await simulation.stop();
  await Promise.all([tree.remove(), old.remove()]);
});

const run = (...argv: string[]): Promise<Outcome> =>
  landfall(tree.root, [...argv, "--rehearsal", "--yes", "--json"], { CONFIRM: stack });
const migrate = (...more: string[]): Promise<Outcome> => run("migrate", "--from", old.root, ...more);
const stateFile = (): string => join(old.root, "infrastructure", "terraform", "terraform.tfstate");

async function made(variables: object): Promise<string> {
  await old.apply({ ...variables }, { HCLOUD_TOKEN: "a".repeat(64), HCLOUD_ENDPOINT: `${simulation.origin}/v1` });
  const files = await landfall(tree.root, ["migrate", "--from", old.root, "--yes", "--skip-state", "--json"]);
  expect(files.result, files.stdout).toMatchObject({ ok: true });
  return readFile(stateFile(), "utf8");
}

async function servers(): Promise<{ id: string }[]> {
  return ((await (await fetch(`${simulation.origin}/.landfall`)).json()) as { servers: { id: string }[] }).servers;
}

async function stacks(): Promise<string[]> {
  return readdir(join(tree.root, "infrastructure", "rehearsal", "stacks"), { recursive: true }).catch(() => []);
}

describe("a state of the shell version", () => {
  test("is adopted where the plan is empty, and is used from then on", async () => {
    const before = await made(adapted);
    const [server] = await servers();
    const adopted = await migrate();
    expect(adopted.result, adopted.stdout.slice(-4000)).toMatchObject({
      ok: true,
      adoption: {
        stack,
        differences: [],
        imported: expect.arrayContaining([
          expect.objectContaining({ from: "module.hetzner_infrastructure[0].hcloud_server.tracker" }),
        ]),
      },
      hostKeys: { origin: "unknown" },
    });
    expect((await run("plan", stack)).result).toMatchObject({ ok: true, changes: false });
    expect(await readFile(stateFile(), "utf8")).toBe(before);

    const again = await migrate();
    expect(again.result).toMatchObject({ ok: true, state: { action: "adopted" } });

    const ssh = await landfall(tree.root, ["ssh", stack, "--rehearsal"]);
    expect([ssh.status, ssh.stderr]).toEqual([5, expect.stringContaining("--accept-host-key")]);

    expect(await servers()).toEqual([expect.objectContaining({ id: server?.id })]);
    const destroyed = await run("destroy", stack);
    expect(destroyed.result, destroyed.stdout.slice(-4000)).toMatchObject({ ok: true, changed: true });
    expect(await servers()).toEqual([]);
  });

  test("is refused with the list where applying would change something, and nothing is left", async () => {
    const before = await made(asBefore);
    const { status, stdout } = await migrate();
    expect(status).toBe(5);
    expect(stdout).toContain("hcloud_firewall.firewall");
    expect(stdout).toContain("labels.purpose");
    expect(stdout).toMatch(/rule \(gone: [^)]*1212/);
    expect(stdout).toContain("--accept-changes");
    expect((await stacks()).filter((path) => path.includes("hetzner") || path.includes("adopting"))).toEqual([]);
    expect(await readFile(stateFile(), "utf8")).toBe(before);
  });

  test("with --accept-changes the next apply makes them, on the same server, and then a plan is empty", async () => {
    await made(asBefore);
    const [server] = await servers();
    const adopted = await migrate("--accept-changes");
    expect(adopted.result, adopted.stdout.slice(-4000)).toMatchObject({ ok: true, adoption: { stack } });
    const applied = await run("apply", stack);
    expect(applied.result, applied.stdout.slice(-4000)).toMatchObject({ ok: true, summary: { machine: "keep" } });
    expect((await run("plan", stack)).result).toMatchObject({ ok: true, changes: false });
    expect(await servers()).toEqual([expect.objectContaining({ id: server?.id })]);
  });

  test("another size is refused, whatever is accepted, and the setting is named", async () => {
    await made({ ...adapted, server_type: "cx33" });
    const { status, stdout } = await landfallWith("PROVIDER_HETZNER_SERVER_TYPE=cx23");
    expect(status).toBe(5);
    expect(stdout).toContain("server_type (cx33 -> cx23)");
    expect(stdout).toContain("PROVIDER_HETZNER_SERVER_TYPE=cx33");
  });

  test("the type that the server has goes on, where none is configured", async () => {
    await made({ ...adapted, server_type: "cx33" });
    const adopted = await migrate();
    expect(adopted.result, adopted.stdout.slice(-4000)).toMatchObject({ ok: true, adoption: { differences: [] } });
    expect((await run("plan", stack)).result).toMatchObject({ ok: true, changes: false });
  });

  test("another place is refused, and the setting is named", async () => {
    await made({ ...adapted, location: "nbg1" });
    const { status, stdout } = await migrate();
    expect([status, stdout]).toEqual([5, expect.stringContaining("PROVIDER_HETZNER_LOCATION=nbg1")]);
  });

  test("what the state has and the cloud has not is said", async () => {
    await made(adapted);
    const [server] = await servers();
    await fetch(`${simulation.origin}/.landfall/servers/${server?.id}`, { method: "DELETE" });
    const { status, stdout } = await migrate();
    expect([status, stdout]).toEqual([5, expect.stringContaining("cannot be imported as hcloud_server.vm")]);
  });
});

async function landfallWith(assignment: string): Promise<Outcome> {
  const [key = "", value = ""] = assignment.split("=");
  return landfall(tree.root, ["migrate", "--from", old.root, "--rehearsal", "--yes", "--accept-changes", "--json"], {
    [key]: value,
  });
}
