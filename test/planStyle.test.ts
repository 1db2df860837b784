import { createHash } from "node:crypto";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canary } from "./support/canary.ts";
import { filesHolding } from "./support/filesHolding.ts";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, repository, type Tree } from "./support/makeTree.ts";

/** Folders in the plan's own style, `provider.sh` and flat variables, work unchanged through every command. */
const fixtures = join(repository, "test", "fixtures", "plan-style");
const token = canary("the token of a plan-style provider", 64);
let tree: Tree;
const folder = (name: string): string => join(tree.root, "infrastructure", "terraform", "providers", name);
const stack = (name: string): string => join(tree.root, "infrastructure", "stacks", "development", name);

beforeAll(async () => {
  tree = await makeTree();
  await rm(join(tree.root, "infrastructure", "terraform", "providers"), { recursive: true });
  for (const name of ["libvirt", "hetzner", "pebble"])
    await cp(join(fixtures, name), folder(name), { recursive: true });
  // What the plan's functions look for on this computer.
  await mkdir(join(tree.root, "bin"));
  for (const name of ["virsh", "hcloud"]) {
    await writeFile(join(tree.root, "bin", name), "#!/bin/sh\nexit 0\n");
    await chmod(join(tree.root, "bin", name), 0o755);
  }
});
afterAll(() => tree.remove());

const environment = (more: Record<string, string> = {}) => ({
  PATH: `${join(tree.root, "bin")}:${process.env["PATH"]}`,
  SKIP_WAIT: "true",
  ...more,
});
const run = (argv: readonly string[], more?: Record<string, string>): Promise<Outcome> =>
  landfall(tree.root, [...argv, "--json"], environment(more));

/** Adds a folder that is the pebble with something else as its script. */
async function pebble(name: string, change: (script: string) => string): Promise<void> {
  await cp(join(fixtures, "pebble"), folder(name), { recursive: true });
  const file = join(folder(name), "provider.sh");
  await writeFile(file, change(await readFile(file, "utf8")));
}

describe("the plan's listings, word for word", () => {
  test.each([
    ["libvirt", "08b68959acbd0ca3ee6da342f9663815cf9846525117c0cc1f8fc79fc65ef425"],
    ["hetzner", "44a9b8d4e34eb7fbf535e613b008095d1dda88c2a9289f78cf34e0edd597aaa9"],
  ])("%s is what the plan prints", async (name, hash) => {
    const text = await readFile(join(fixtures, name, "provider.sh"), "utf8");
    expect(createHash("sha256").update(text).digest("hex")).toBe(hash);
    const plan = process.env["LANDFALL_PLAN"];
    if (plan === undefined) return;
    expect(
      (await readFile(plan, "utf8")).includes(`**\`providers/${name}/provider.sh\`**:\n\n\`\`\`bash\n${text}\`\`\`\n`),
    ).toBe(true);
  });

  test("they are listed and describe themselves", async () => {
    const { result } = await run(["providers"]);
    expect(result["broken"]).toEqual([]);
    expect(result["providers"]).toMatchObject([
      { name: "hetzner", title: "Hetzner", description: "Hetzner Cloud provider implementation" },
      { name: "libvirt", title: "Libvirt", description: "LibVirt provider implementation" },
      { name: "pebble" },
    ]);
    const info = await landfall(tree.root, ["provider", "info", "hetzner"], environment());
    expect(info.stdout).toContain(
      "Provider: hetzner\nDescription: Hetzner Cloud servers\nRequired tools: hcloud (optional)",
    );
    expect(info.stdout).toMatch(/PROVIDER_HETZNER_LOCATION .*by default nbg1/);
  });

  test("libvirt validates, generates and applies", async () => {
    expect((await run(["doctor", "libvirt"])).result).toMatchObject({ ok: true });
    const { result, stdout } = await run(["apply", "development/libvirt", "--yes"], {
      PROVIDER_LIBVIRT_POOL: "a $pool",
    });
    expect(result, stdout).toMatchObject({ ok: true, changed: true, vmName: "torrust-tracker-dev" });
    expect((result["outputs"] as Record<string, unknown>)["made_with"]).toMatchObject({
      name: "torrust-tracker-dev",
      memory: 2048,
      uri: "qemu:///system",
      pool: "a $pool",
    });
    // An address such as "No IP assigned yet" is none.
    expect(result["address"]).toBeUndefined();
  });

  test("without its tools libvirt says which, in its own words", async () => {
    await writeFile(join(tree.root, "bin", "virsh"), "#!/bin/sh\nexit 1\n");
    const { status, result } = await run(["apply", "development/libvirt", "--yes"]);
    expect(status).toBe(4);
    expect(JSON.stringify(result)).toContain("No libvirt access. Please add user to libvirt group.");
    await writeFile(join(tree.root, "bin", "virsh"), "#!/bin/sh\nexit 0\n");
  });

  test("hetzner asks for its token, and has it in no file", async () => {
    const without = await run(["apply", "development/hetzner", "--yes"]);
    expect(without.status).toBe(4);
    expect(JSON.stringify(without.result)).toContain("Hetzner API token not configured (PROVIDER_HETZNER_TOKEN)");
    const applied = await run(["apply", "development/hetzner", "--yes"], {
      HETZNER_TOKEN: "",
      PROVIDER_HETZNER_TOKEN: token,
    });
    expect(applied.result, applied.stdout).toMatchObject({ ok: true, changed: true });
    expect((applied.result["outputs"] as Record<string, unknown>)["made_with"]).toMatchObject({
      digits: 64,
      type: "cx31",
    });
    expect(await filesHolding(tree.root, new RegExp(token))).toEqual([]);
  });
});

describe("the life of a stack", () => {
  const secret = { PROVIDER_PEBBLE_TOKEN: token };

  test("init, plan, apply, output, apply again, a change, refresh, destroy", async () => {
    expect((await run(["init", "development/pebble"], secret)).result).toMatchObject({ ok: true });
    expect((await run(["plan", "development/pebble", "--detailed-exitcode"], secret)).status).toBe(2);
    const applied = await run(["apply", "development/pebble", "--yes"], secret);
    expect(applied.result, applied.stdout).toMatchObject({ ok: true, changed: true, address: "192.0.2.20" });
    expect(applied.result["outputs"]).not.toHaveProperty("token");
    expect(applied.events).toContainEqual(
      expect.objectContaining({ code: "provider.says", message: "this provider makes nothing" }),
    );
    expect((await landfall(tree.root, ["output", "development/pebble", "vm_name"], environment())).stdout).toBe(
      "torrust-tracker-dev\n",
    );
    expect((await run(["apply", "development/pebble", "--yes"], secret)).result).toMatchObject({ changed: false });
    const other = { ...secret, PROVIDER_PEBBLE_COLOUR: "red" };
    const changed = await run(["apply", "development/pebble", "--yes"], other);
    expect(changed.result).toMatchObject({
      changed: true,
      outputs: { made_with: { colour: "red", sizes: [1, 2, 3] } },
    });
    expect((await run(["refresh", "development/pebble"], other)).result).toMatchObject({ ok: true, changed: false });
    expect((await run(["status", "development/pebble"])).result).toMatchObject({ stack: "development/pebble" });
    expect(await readdir(join(stack("pebble"), "providers", "pebble"))).toEqual(["main.tf.json", "module"]);
    const destroyed = await run(["destroy", "development/pebble", "--yes", "--verbose"], other);
    expect(destroyed.result, destroyed.stdout).toMatchObject({ ok: true, changed: true });
    expect(destroyed.events).toContainEqual(
      expect.objectContaining({ type: "child.output", line: "[INFO] swept for red" }),
    );
    expect(await filesHolding(tree.root, new RegExp(token))).toEqual([]);
  });

  test("its machine is not waited for until somebody says which host key it has", async () => {
    const { events, result } = await run(["apply", "development/pebble", "--yes"], { ...secret, SKIP_WAIT: "" });
    expect(result).toMatchObject({ ok: true, ready: false });
    expect(events).toContainEqual(expect.objectContaining({ code: "ssh.hostKeyUnknown" }));
    expect((await run(["ssh", "development/pebble", "--", "true"], secret)).status).toBe(5);
  });

  test("what it cannot do is refused", async () => {
    const { status, result } = await run(["plan", "development/pebble", "--set", "DATA_DISK_SIZE=10"], secret);
    expect(status).toBe(3);
    expect(JSON.stringify(result)).toContain("without the variable data_disk_size");
  });

  test("a script that was broken after the apply, and a folder that is gone, do not stop a destroy", async () => {
    await run(["apply", "development/pebble", "--yes"], secret);
    const script = join(folder("pebble"), "provider.sh");
    const text = await readFile(script, "utf8");
    await writeFile(script, `${text}\nexit 3\n`);
    const refused = await run(["plan", "development/pebble"], secret);
    expect(refused.status).toBe(3);
    const destroyed = await run(["destroy", "development/pebble", "--yes"], secret);
    expect(destroyed.result, destroyed.stdout).toMatchObject({ ok: true, changed: true });
    expect(destroyed.events).toContainEqual(expect.objectContaining({ code: "provider.fromCopy" }));

    await writeFile(script, text);
    await run(["apply", "development/pebble", "--yes"], secret);
    await rename(folder("pebble"), join(tree.root, "away"));
    const again = await run(["destroy", "development/pebble", "--yes"], secret);
    await rename(join(tree.root, "away"), folder("pebble"));
    expect(again.result, again.stdout).toMatchObject({ ok: true, changed: true });
    expect(await filesHolding(tree.root, new RegExp(token))).toEqual([]);
  });
});

describe("what runs, and when", () => {
  test("a script that runs code when it is read: not when listed, only when loaded, in the clean child", async () => {
    const mark = join(tree.root, "mark");
    await pebble("marker", (text) => `${text}\nprintf '%s' "\${STRAY-clean}" > ${mark}\n`);
    for (const argv of [["providers"], ["config", "show", "development/marker"], ["status"], ["environments"]]) {
      await run(argv);
    }
    await expect(readFile(mark)).rejects.toThrow();
    expect((await run(["provider", "info", "marker"], { STRAY: "stray" })).result).toMatchObject({
      says: expect.stringContaining("pebble"),
    });
    expect(await readFile(mark, "utf8")).toBe("clean");
  });

  test("a folder from outside is listed, and not even asked before it was accepted", async () => {
    const outside = join(tree.root, "outside");
    await pebble("stranger", (text) => `${text}\ntouch ${join(tree.root, "stranger-ran")}\n`);
    await mkdir(outside);
    await rename(folder("stranger"), join(outside, "stranger"));
    const more = { LANDFALL_PROVIDERS_PATH: outside, HOME: join(tree.root, "home") };
    const info = await run(["provider", "info", "stranger"], more);
    expect(info.result).toMatchObject({ ok: true, name: "stranger" });
    expect(info.result).not.toHaveProperty("says");
    expect((await run(["doctor", "stranger"], more)).status).toBe(5);
    await expect(readFile(join(tree.root, "stranger-ran"))).rejects.toThrow();
  });

  test("somebody's folder can be added, under another name too", async () => {
    const source = join(tree.root, "somebody", "pebble");
    await cp(join(fixtures, "pebble"), source, { recursive: true });
    const added = await run(["provider", "add", source, "--name", "stone", "--yes"]);
    expect(added.result, added.stdout).toMatchObject({ ok: true, provider: "stone" });
    const planned = await run(["plan", "development/stone"], { PROVIDER_PEBBLE_TOKEN: token });
    expect(planned.result, planned.stdout).toMatchObject({ ok: true, changes: true });
    await writeFile(join(folder("stone"), "main.tf"), "# changed");
    expect((await run(["plan", "development/stone"], { PROVIDER_PEBBLE_TOKEN: token })).status).toBe(5);
    await rm(folder("stone"), { recursive: true });
  });

  test("missing functions are named: by the text when listed, by bash when loaded", async () => {
    await pebble("lacking", (text) => text.replace("provider_get_info()", "provider_info()"));
    await pebble(
      "elsewhere",
      (text) => `${text.replace("provider_get_info()", "provider_info()")}\nsource /dev/null\n`,
    );
    const { result } = await run(["providers"]);
    expect(result["broken"]).toMatchObject([{ name: "lacking", problems: [{ key: "provider_get_info" }] }]);
    const loaded = await run(["provider", "info", "elsewhere"]);
    expect(loaded.status).toBe(3);
    expect(loaded.result).toMatchObject({ error: { problems: [{ key: "provider_get_info" }] } });
    await rm(folder("lacking"), { recursive: true });
  });

  test("a renamed folder takes the variables that its script knows", async () => {
    await cp(join(fixtures, "hetzner"), folder("cloud-two"), { recursive: true });
    const applied = await run(["plan", "development/cloud-two"], { PROVIDER_HETZNER_TOKEN: token });
    expect(applied.result, applied.stdout).toMatchObject({ ok: true, changes: true });
    expect(await filesHolding(tree.root, new RegExp(token))).toEqual([]);
  });

  test("compatibility 9: broken variables are an error with their line, and nothing is planned", async () => {
    const broken = await run(["plan", "development/libvirt"], { PROVIDER_LIBVIRT_NETWORK: 'a"b' });
    expect(broken.status).toBe(3);
    expect(broken.result).toMatchObject({
      error: { code: "provider.behaviour", problems: [{ where: "libvirt.auto.tfvars:15" }] },
    });
  });
});
