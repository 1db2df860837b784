import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

/** A folder that was dropped in works through every command, with no other change. */
let tree: Tree;
const quick = { SKIP_WAIT: "true" };

beforeAll(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
});
afterAll(() => tree.remove());

const run = (...argv: string[]): Promise<Outcome> => landfall(tree.root, [...argv, "--json"], quick);

describe("compatibility 6: a provider is one folder", () => {
  test("providers and provider info know it", async () => {
    const { result } = await run("providers");
    expect(result["providers"]).toEqual(expect.arrayContaining([expect.objectContaining({ name: "acme" })]));
    expect((await run("provider", "info", "acme")).result).toMatchObject({ ok: true, name: "acme" });
  });

  test("doctor and setup work without anything to prepare but the engine", async () => {
    expect((await run("setup", "acme")).result).toMatchObject({ ok: true });
    expect((await run("doctor", "acme")).result).toMatchObject({ ok: true });
  });

  test("init, plan, apply, apply again, output, status, refresh, destroy", async () => {
    expect((await run("init", "development/acme")).result, "init").toMatchObject({ ok: true });

    const plan = await run("plan", "development/acme", "--detailed-exitcode");
    expect(plan.status).toBe(2);
    expect(plan.result).toMatchObject({ changes: true });

    const applied = await run("apply", "development/acme", "--yes");
    expect(applied.result, applied.stdout).toMatchObject({ ok: true, changed: true, vmName: "torrust-tracker-dev" });

    const again = await run("apply", "development/acme", "--yes");
    expect(again.result).toMatchObject({ ok: true, changed: false });
    expect((await run("plan", "development/acme", "--detailed-exitcode")).status).toBe(0);

    const name = await landfall(tree.root, ["output", "development/acme", "vm_name"]);
    expect(name.stdout).toBe("torrust-tracker-dev\n");
    expect((await run("status", "development/acme")).result).toMatchObject({ stack: "development/acme" });
    expect((await run("refresh", "development/acme")).result).toMatchObject({ ok: true, changed: false });
    expect((await run("config", "check", "development/acme")).result).toMatchObject({ ok: true });

    const destroyed = await run("destroy", "development/acme", "--yes");
    expect(destroyed.result, destroyed.stdout).toMatchObject({ ok: true, changed: true });
    expect((await run("status", "development/acme")).result).toMatchObject({ machine: "absent" });
  });
});

describe("stacks do not see each other", () => {
  beforeAll(async () => {
    await tree.environment("qa", [
      "ENVIRONMENT=qa",
      "VM_NAME=qa-box",
      "VM_MEMORY=512",
      "VM_VCPUS=1",
      "VM_DISK_SIZE=10",
    ]);
    await run("apply", "development/acme", "--yes");
  });

  test("compatibility 1, 2: another environment on the same provider plans its own creation and destroys nothing", async () => {
    const { result } = await run("plan", "qa/acme");
    expect(result["summary"]).toMatchObject({ machine: "create", counts: { delete: 0, replace: 0 } });
  });

  test("compatibility 3: commands without a provider mean the environment's only stack, and say so where there are more", async () => {
    const only = await run("status", "development");
    expect(only.result).toMatchObject({ stack: "development/acme" });
    const none = await run("status", "production");
    expect(none.status).toBe(3);
  });

  test("compatibility 8: no secret is in any file of the stack but the state's own host key", async () => {
    const directory = join(tree.root, "infrastructure", "stacks", "development", "acme");
    const variables = await readFile(join(directory, "terraform.tfvars.json"), "utf8");
    const environment = await readFile(
      join(tree.root, "infrastructure", "config", "environments", "development.env"),
      "utf8",
    );
    const secrets = [...environment.matchAll(/^\w*(?:PASSWORD|TOKEN)\w*=(\S+)$/gm)].map(([, value]) => value ?? "");
    expect(secrets.length).toBeGreaterThan(2);
    for (const secret of secrets) expect(variables).not.toContain(secret);
    expect(variables).not.toContain("PRIVATE KEY");
    for (const entry of await readdir(join(directory, "runs"))) {
      for (const file of await readdir(join(directory, "runs", entry))) {
        const text = await readFile(join(directory, "runs", entry, file), "utf8");
        for (const secret of [...secrets, "PRIVATE KEY"]) expect(text, file).not.toContain(secret);
      }
    }
  });

  test("a mistyped environment or provider is told from a stack that was not made", async () => {
    const refused = async (...argv: string[]): Promise<unknown> => (await run(...argv)).result["error"];
    for (const argv of [
      ["status", "developement/acme"],
      ["ssh", "developement"],
      ["runs", "developement/acme"],
      ["state", "rotate", "developement"],
    ])
      expect(await refused(...argv)).toMatchObject({ code: "environment.unknown", hint: "did you mean development?" });
    expect(await refused("status", "development/acne")).toMatchObject({ code: "provider.unknown", exit: 3 });
  });

  test("what was only planned is no stack that exists", async () => {
    await run("plan", "qa/acme");
    const { result } = await run("status");
    expect(result["stacks"]).toMatchObject([{ stack: "development/acme" }]);
  });

  test("ssh goes on where the configuration is wrong", async () => {
    const file = join(tree.root, "infrastructure", "config", "environments", "development.env");
    const before = await readFile(file, "utf8");
    await writeFile(file, `${before}VM_MEMORY=much\n`);
    const { events, result } = await landfall(tree.root, ["ssh", "development/acme", "--json", "--", "true"], quick);
    expect(events).toContainEqual(expect.objectContaining({ code: "ssh.unconfigured" }));
    expect(result).toMatchObject({ stack: "development/acme", status: 255 });
    await writeFile(file, before);
  });

  test("a stack whose provider folder is gone can still be destroyed", async () => {
    await rm(join(tree.root, "infrastructure", "terraform", "providers", "acme"), { recursive: true });
    const destroyed = await run("destroy", "development/acme", "--yes");
    expect(destroyed.result, destroyed.stdout).toMatchObject({ ok: true, changed: true });
    await tree.addProvider("acme");
  });
});

test("a stack whose provider's module was broken after the apply can still be destroyed", async () => {
  await run("apply", "development/acme", "--yes");
  const module = join(tree.root, "infrastructure", "terraform", "providers", "acme", "main.tf");
  await writeFile(module, 'resource "terraform_data" {');
  const destroyed = await run("destroy", "development/acme", "--yes");
  expect(destroyed.result, destroyed.stdout).toMatchObject({ ok: true, changed: true });
  expect(destroyed.events).toContainEqual(expect.objectContaining({ code: "provider.fromCopy" }));
  await tree.addProvider("acme");
});

test("an empty state beside a saved one is refused, never planned as new", async () => {
  const state = join(tree.root, "infrastructure", "stacks", "qa", "acme", "terraform.tfstate");
  expect((await run("apply", "qa/acme", "--yes")).result).toMatchObject({ ok: true });
  await writeFile(state, "");
  await writeFile(`${state}.backup`, "{}");
  const refused = await run("apply", "qa/acme", "--yes");
  expect(refused.status).toBe(7);
  await rm(`${state}.backup`);
  expect((await run("state", "restore", "qa/acme", "--yes")).result).toMatchObject({ ok: true });
});

describe("compatibility 19: bad arguments end with a status, a reason and the next step", () => {
  test.each([
    [["apply"], 3, /STACK/i],
    [["apply", "development"], 3, /ENVIRONMENT\/PROVIDER/],
    [["apply", "/acme"], 3, /ENVIRONMENT/i],
    [["apply", "development/"], 3, /PROVIDER/i],
    [["apply", "nowhere/acme"], 3, /nowhere\.env/],
    [["apply", "developmnt/acme"], 3, /development/],
    [["apply", "development/acmee"], 3, /acme/],
    [["aply", "development/acme"], 3, /apply/],
    [["apply", "development/acme", "--forse"], 3, /forse/],
    [["apply", "development/acme", "--set", "novalue"], 3, /KEY=VALUE/],
    [["status", "Dev/acme"], 3, /lower-case/],
  ] as const)("%j", async (argv, status, text) => {
    const outcome = await landfall(tree.root, argv, quick);
    expect(outcome.status).toBe(status);
    expect(outcome.stderr).toMatch(text);
    expect(outcome.stderr).toMatch(/next: \S/);
    expect(outcome.stdout).toBe("");
  });

  test("compatibility 18: nothing is written where the arguments are wrong", async () => {
    await landfall(tree.root, ["apply", "nowhere/acme", "--yes"], quick);
    const stacks = await readdir(join(tree.root, "infrastructure", "stacks")).catch(() => []);
    expect(stacks).not.toContain("nowhere");
  });
});

describe("compatibility 4: a command does what it says and does not end in a usage text", () => {
  test.each([
    [["providers"], /acme/],
    [["environments"], /development/],
    [["provider", "info", "acme"], /PROVIDER_ACME_MOTTO/],
    [["config", "show", "development/acme"], /VM_MEMORY/],
    [["status"], /STACK|no stack/],
  ] as const)("%j", async (argv, text) => {
    const outcome = await landfall(tree.root, argv, quick);
    expect(outcome.status, outcome.stderr).toBe(0);
    expect(outcome.stdout).toMatch(text);
    expect(`${outcome.stdout}${outcome.stderr}`).not.toMatch(/usage/i);
  });
});

describe("confirmation", () => {
  beforeAll(async () => {
    await tree.environment("guarded", [
      "ENVIRONMENT=guarded",
      "VM_NAME=guarded",
      "STATE_ENCRYPTION_KEY=",
      "VM_MEMORY=512",
      "VM_VCPUS=1",
      "VM_DISK_SIZE=10",
      "PROTECTED=true",
      `SSH_PUBLIC_KEY="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8qY0R9x0m9v1y9m6M0wX3cQyJm0s3i0p0v1y2b3c4d test"`,
    ]);
  });

  test("compatibility 17: a protected stack is destroyed only where its name is given", async () => {
    const applied = await run("apply", "guarded/acme", "--yes");
    expect(applied.result, applied.stdout).toMatchObject({ ok: true });
    const refused = await run("destroy", "guarded/acme", "--yes");
    expect(refused.status).toBe(5);
    const wrong = await landfall(tree.root, ["destroy", "guarded/acme", "--yes"], { ...quick, CONFIRM: "yes" });
    expect(wrong.status).toBe(5);
    const right = await landfall(tree.root, ["destroy", "guarded/acme"], { ...quick, CONFIRM: "guarded/acme" });
    expect(right.status, right.stderr).toBe(0);
  });
});

describe("compatibility 9: values arrive byte for byte", () => {
  test("quotes, dollars, templates and newlines in a value reach the plugin unchanged and run nothing", async () => {
    const hostile = [
      "a'b",
      'a"b',
      "$(touch /tmp/x)",
      "${path.module}",
      "%{ if true }x%{ endif }",
      "tab\tnew\nline",
      "`id`",
      "\\n",
      "ünï",
    ];
    for (const value of hostile) {
      await writeFile(join(tree.root, "value.txt"), value);
      const applied = await landfall(
        tree.root,
        ["apply", "qa/acme", "--yes", "--json", "--set", `PROVIDER_ACME_MOTTO=@${join(tree.root, "value.txt")}`],
        quick,
      );
      expect(applied.result, applied.stdout).toMatchObject({ ok: true });
      expect((applied.result["outputs"] as Record<string, unknown>)["motto"]).toBe(value);
    }
  });
});
