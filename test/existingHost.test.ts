import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

/** The provider without cloud or plugin, up to where the host would be reached; test/e2e goes on from there. */
const stack = "qa/existing-host";
const hostKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"B".repeat(43)}`;
const settings = {
  PROVIDER_EXISTING_HOST_ADDRESS: "203.0.113.7",
  PROVIDER_EXISTING_HOST_HOST_KEY: `${hostKey} root@host`,
  PROVIDER_EXISTING_HOST_PORT: "2222",
};

let tree: Tree;
beforeAll(async () => {
  tree = await makeTree();
  await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=own"]);
});
afterAll(() => tree.remove());

const run = (argv: readonly string[], changes: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
  landfall(tree.root, argv, { ...settings, SKIP_WAIT: "true", ...changes });
const fileOf = (name: string): string => join(tree.root, "infrastructure", "stacks", stack, name);

describe("settings", () => {
  test.each([
    ["PROVIDER_EXISTING_HOST_ADDRESS", "host"],
    ["PROVIDER_EXISTING_HOST_ADDRESS", "203.0.113.7; id"],
    ["PROVIDER_EXISTING_HOST_HOST_KEY", "SHA256:abc"],
    ["PROVIDER_EXISTING_HOST_HOST_KEY", ""],
    ["PROVIDER_EXISTING_HOST_USER", "-oProxyCommand=id"],
    ["PROVIDER_EXISTING_HOST_PORT", "0"],
    ["DATA_DISK_SIZE", "5"],
    ["RESERVE_ADDRESS", "true"],
  ])("%s=%s is refused before anything is written", async (key, value) => {
    const { status, stderr } = await run(["apply", stack, "--yes"], { [key]: value });
    expect([status, stderr]).toEqual([3, expect.stringContaining(key)]);
  });
});

describe("a stack of a host that nobody made", () => {
  test("plan and apply say that the machine stays, and its own key is what is trusted", async () => {
    const plan = await run(["plan", stack]);
    expect(plan.stdout).toContain("Machine: it stays and goes on running.\nData:    kept.");
    const applied = await run(["apply", stack, "--yes", "--json"]);
    expect(applied.result, applied.stdout).toMatchObject({
      ok: true,
      ready: false,
      address: "203.0.113.7",
      ssh: expect.stringContaining("-p 2222 torrust@203.0.113.7"),
      outputs: { login: { user: "root", port: 2222, host_key: `${hostKey} root@host` } },
    });
    expect(await readFile(fileOf("known_hosts"), "utf8")).toBe(`landfall-qa-existing-host ${hostKey}\n`);
    const again = await run(["plan", stack, "--json"]);
    expect(again.result).toMatchObject({ changes: false });
  });

  test("what prepares it holds the key and the firewall, and no secret", async () => {
    const state = await readFile(fileOf("terraform.tfstate"), "utf8");
    const { outputs } = JSON.parse(state) as { outputs: { preparation: { value: string } } };
    const script = outputs.preparation.value;
    const key = (await readFile(fileOf("authorized_key.pub"), "utf8")).trim();
    expect(script).toContain(Buffer.from(key).toString("base64"));
    expect(script).toContain("ufw allow $LANDFALL_SSH_PORT/tcp\n");
    const all = script.replaceAll(/^[A-Za-z0-9+/=]{40,}$/gm, (text) => Buffer.from(text, "base64").toString());
    expect(all).toContain("net.core.rmem_max = 16777216");
    expect(all).not.toMatch(/PRIVATE KEY|metadata|sshd_config/);
  });

  test("other ports are a change that the plan shows, and that keeps the machine", async () => {
    const { result } = await run(["plan", stack, "--json"], { OPEN_PORTS: "80/tcp" });
    expect(result).toMatchObject({ changes: true, summary: { machine: "keep", data: "keep", impact: "harmless" } });
    const changes = (result["summary"] as { changes: { address: string }[] }).changes;
    expect(changes.map(({ address }) => address)).toEqual(["terraform_data.preparation[0]"]);
  });

  test("destroy forgets it and says that it stays", async () => {
    const destroyed = await run(["destroy", stack, "--yes", "--json"]);
    expect(destroyed.result, destroyed.stdout).toMatchObject({ ok: true, changed: true, summary: { machine: "keep" } });
    expect(destroyed.events).toContainEqual(
      expect.objectContaining({ code: "host.stays", message: expect.stringContaining("203.0.113.7 goes on") }),
    );
    expect((await run(["status", stack, "--json"])).result).toMatchObject({ machine: "absent" });
  });

  test("a lost state is nothing lost", async () => {
    expect((await run(["apply", stack, "--yes", "--json"])).result).toMatchObject({ ok: true });
    await rm(fileOf("terraform.tfstate"));
    const { result, stdout } = await run(["apply", stack, "--yes", "--json"]);
    expect(result, stdout).toMatchObject({ ok: true, changed: true });
  });

  test("it cannot be rehearsed, and says so", async () => {
    const { status, stderr } = await run(["rehearse", stack]);
    expect([status, stderr]).toEqual([3, expect.stringContaining("provider existing-host cannot be rehearsed")]);
  });
});
