import { appendFile, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

const stack = "qa/acme";
let tree: Tree;
let file: string;
let directory: string;
let serial = 0;

beforeAll(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
  directory = join(tree.root, "infrastructure", "stacks", stack);
  const manifest = join(tree.root, "infrastructure", "terraform", "providers", "acme", "provider.yaml");
  const secret = "settings:\n  token: { description: A secret, secret: true, environment: ACME_TOKEN }";
  await writeFile(manifest, (await readFile(manifest, "utf8")).replace("settings:", secret));
  await configure("QA");
  await good("apply", stack);
});
afterAll(() => tree.remove());

const configure = (name: string, ...more: string[]): Promise<void> =>
  tree.environment("qa", [
    ...["ENVIRONMENT=qa", `VM_NAME=${name.toLowerCase()}`, "VM_MEMORY=512", "VM_VCPUS=1", "VM_DISK_SIZE=10"],
    ...more,
  ]);
const run = (verb: string, subject: string, ...more: string[]): Promise<Outcome> =>
  landfall(tree.root, [verb, subject, "--yes", "--json", ...more], { SKIP_WAIT: "true" });
const good = async (verb: string, subject: string, ...more: string[]): Promise<Outcome["result"]> => {
  const { result, stdout } = await run(verb, subject, ...more);
  expect(result, stdout).toMatchObject({ ok: true });
  return result;
};
const refused = async (reason: RegExp): Promise<void> => {
  const { status, result } = await run("apply", file);
  expect([status, result], JSON.stringify(result)).toMatchObject([5, { error: { code: "plan.refused" } }]);
  const { problems, hint } = result["error"] as { problems: { message: string }[]; hint: string };
  expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(reason)]);
  expect(hint).toContain(`landfall plan ${stack} --out`);
};

/** A plan that renames the machine, saved. */
beforeEach(async () => {
  serial += 1;
  file = join(tree.root, `plan-${serial}.json`);
  await configure(`qa-${serial}`);
  expect(await good("plan", stack, "--out", file)).toMatchObject({ changes: true, out: file });
});

describe("a saved plan", () => {
  test("is applied as it was shown, once; its file is private and tells what would happen", async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ stack, summary: { counts: { update: 1 } } });
    expect(await good("apply", file)).toMatchObject({ changed: true, stack });
    expect(await good("plan", stack)).toMatchObject({ changes: false });
    await refused(/used already/);
  });

  test("is refused when it was edited", async () => {
    const plan = JSON.parse(await readFile(file, "utf8")) as { summary: object };
    await writeFile(file, JSON.stringify({ ...plan, summary: { ...plan.summary, impact: "none" } }));
    await refused(/edited/);
  });

  test("is refused when the engine's part of it was changed", async () => {
    const { id } = JSON.parse(await readFile(file, "utf8")) as { id: string };
    await appendFile(join(directory, "plans", `${id}.tfplan`), "x");
    await refused(/engine's part/);
  });

  test("is refused when the configuration changed", async () => {
    await configure(`qa-${serial}`, "PROVIDER_ACME_MOTTO=other");
    await refused(/configuration/);
  });

  test("is refused when a secret of the provider changed, and neither secret is in what was kept", async () => {
    await configure(`qa-${serial}`, "PROVIDER_ACME_TOKEN=another-token-of-the-provider");
    await refused(/configuration/);
    const { id } = JSON.parse(await readFile(file, "utf8")) as { id: string };
    expect(await readFile(join(directory, "plans", `${id}.json`), "utf8")).not.toContain("another-token");
  });

  test("is refused when something was applied since", async () => {
    const before = file;
    file = join(tree.root, `plan-${serial}-b.json`);
    await good("plan", stack, "--out", file);
    await good("apply", before);
    await refused(/state has changed/);
  });

  test("is refused when the provider's module changed", async () => {
    const main = join(tree.root, "infrastructure", "terraform", "providers", "acme", "main.tf");
    await appendFile(main, "\n# changed\n");
    await refused(/module/);
  });

  test("is refused when the plugins were locked to other ones", async () => {
    const lock = join(directory, ".terraform.lock.hcl");
    await writeFile(lock, "# nothing is locked, said in other words\n");
    try {
      await refused(/plugins are locked to other ones/);
    } finally {
      await rm(lock);
    }
  });

  test("is good for one hour, and says until when", async () => {
    const { created, expires } = JSON.parse(await readFile(file, "utf8")) as { created: string; expires: string };
    expect(Date.parse(expires) - Date.parse(created)).toBe(60 * 60_000);
  });

  test("an id that leads elsewhere is none", async () => {
    const plan = JSON.parse(await readFile(file, "utf8")) as { id: string };
    const elsewhere = `../plans/${plan.id}`;
    const record = join(directory, "plans", `${plan.id}.json`);
    await writeFile(record, (await readFile(record, "utf8")).replace(plan.id, elsewhere));
    await writeFile(file, JSON.stringify({ ...plan, id: elsewhere }));
    await refused(/this clone has no such plan/);
  });

  test("is refused when it is too old", async () => {
    const { id } = JSON.parse(await readFile(file, "utf8")) as { id: string };
    const record = join(directory, "plans", `${id}.json`);
    const past = new Date(Date.now() - 1000).toISOString();
    const older = (text: string): string => text.replace(/"expires": "[^"]*"/, `"expires": "${past}"`);
    for (const path of [file, record]) await writeFile(path, older(await readFile(path, "utf8")));
    await refused(/good until/);
  });

  test("of another stack cannot be swapped in", async () => {
    await writeFile(file, (await readFile(file, "utf8")).replace(stack, "development/acme"));
    const { status, result } = await run("apply", file);
    expect([status, result]).toMatchObject([5, { error: { code: "plan.refused" } }]);
  });

  test("is refused in another clone", async () => {
    const other = await makeTree();
    try {
      await other.addProvider("acme");
      const moved = join(other.root, "plan.json");
      await rename(file, moved);
      await other.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=x", "VM_MEMORY=512", "VM_VCPUS=1", "VM_DISK_SIZE=10"]);
      const { status, result } = await landfall(other.root, ["apply", moved, "--yes", "--json"]);
      expect([status, result]).toMatchObject([5, { error: { code: "plan.refused" } }]);
    } finally {
      await other.remove();
    }
  });

  test("that destroys what is protected needs the stack's name like any other", async () => {
    const protectedNow = ["PROTECTED=true", "STATE_ENCRYPTION_KEY=", `SSH_PUBLIC_KEY="${key}"`];
    await configure("qa", ...protectedNow, "PROVIDER_ACME_MOTTO=first");
    await landfall(tree.root, ["apply", stack, "--yes"], { SKIP_WAIT: "true", CONFIRM: stack });
    const main = join(tree.root, "infrastructure", "terraform", "providers", "acme", "main.tf");
    const text = await readFile(main, "utf8");
    await writeFile(main, text.replace("input = {", "triggers_replace = [var.settings.motto]\n  input = {"));
    await configure("qa", ...protectedNow, "PROVIDER_ACME_MOTTO=second");
    file = join(tree.root, "final.json");
    expect(await good("plan", stack, "--out", file)).toMatchObject({ summary: { impact: "replace-machine" } });
    const { status, result } = await run("apply", file);
    expect([status, result]).toMatchObject([5, { error: { code: "confirmation.needed" } }]);
    const confirmed = await landfall(tree.root, ["apply", file, "--json"], { SKIP_WAIT: "true", CONFIRM: stack });
    expect(confirmed.result, confirmed.stdout).toMatchObject({ ok: true });
  });
});

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8qY0R9x0m9v1y9m6M0wX3cQyJm0s3i0p0v1y2b3c4d test";

test("a file that is no plan is refused as one", async () => {
  await writeFile(file, "{}");
  const { status, result } = await run("apply", file);
  expect([status, result]).toMatchObject([3, { error: { code: "plan.file" } }]);
});
