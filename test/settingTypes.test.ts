import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

/** Settings that the module makes numbers and bools of. */
let tree: Tree;
let folder: string;

beforeAll(async () => {
  tree = await makeTree();
  folder = await tree.addProvider("acme");
  await replace(
    "provider.yaml",
    "settings:",
    "settings:\n  fast: { description: Fast }\n  size: { description: Size }",
  );
  await replace("variables.tf", "object({ motto", "object({ fast = optional(bool), size = optional(number), motto");
  await configure();
});
afterAll(() => tree.remove());

const replace = async (file: string, text: string, by: string): Promise<void> =>
  writeFile(join(folder, file), (await readFile(join(folder, file), "utf8")).replace(text, by));
const configure = (...more: string[]): Promise<void> =>
  tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa", "VM_MEMORY=512", "VM_VCPUS=1", "VM_DISK_SIZE=10", ...more]);
const run = (verb: string, ...more: string[]): Promise<Outcome> =>
  landfall(tree.root, [verb, "qa/acme", "--yes", "--json", ...more], { SKIP_WAIT: "true" });

test("a value that the module cannot take is refused by its name and place before the engine plans", async () => {
  const wrong = ["PROVIDER_ACME_FAST=yes", "PROVIDER_ACME_SIZE=0x1F"];
  const file = "infrastructure/config/environments/qa.env";
  const problems = [
    { where: `${file}:6`, key: "PROVIDER_ACME_FAST", message: 'PROVIDER_ACME_FAST is "yes": true or false' },
    { where: `${file}:7`, key: "PROVIDER_ACME_SIZE", message: 'PROVIDER_ACME_SIZE is "0x1F": a decimal number' },
  ];
  const error = { code: "configuration.settingType", problems };
  // Where the module is read, and where its types are known from the last init.
  await configure(...wrong);
  const first = await run("apply");
  expect([first.status, first.result], first.stdout).toMatchObject([3, { error }]);
  await configure("PROVIDER_ACME_FAST=true", "PROVIDER_ACME_SIZE=1e3");
  expect((await run("apply")).result).toMatchObject({ ok: true });
  await configure(...wrong);
  for (const verb of ["plan", "apply", "destroy"]) {
    const { status, result, events } = await run(verb);
    expect([status, result], verb).toMatchObject([3, { error }]);
    expect(events.some(({ type }) => type === "diagnostic")).toBe(false);
  }

  const destroyed = await run("destroy", "--set", "PROVIDER_ACME_FAST=true", "--set", "PROVIDER_ACME_SIZE=31");
  expect(destroyed.result, destroyed.stdout).toMatchObject({ ok: true, changed: true });
});

test("a stack is destroyed with the module that it was applied with, where the present one does not take its values", async () => {
  await configure("PROVIDER_ACME_MOTTO=none at all");
  expect((await run("apply")).result).toMatchObject({ ok: true });
  await replace("variables.tf", 'motto = optional(string, "none")', "motto = optional(number)");
  expect((await run("plan")).result).toMatchObject({ error: { code: "configuration.settingType" } });
  const destroyed = await run("destroy");
  expect(destroyed.result, destroyed.stdout).toMatchObject({ ok: true, changed: true });
  expect(destroyed.events).toContainEqual(expect.objectContaining({ code: "provider.fromCopy" }));
});

test("a default that does not fit is the manifest's, and a value can take its place", async () => {
  await configure();
  const { status, result } = await run("plan");
  expect([status, result]).toMatchObject([
    3,
    {
      error: {
        problems: [
          {
            where: join(folder, "provider.yaml"),
            message: 'PROVIDER_ACME_MOTTO is "none" by settings.motto.default: a decimal number',
            hint: "write a decimal number there, or for this command alone --set PROVIDER_ACME_MOTTO=VALUE",
          },
        ],
      },
    },
  ]);
  expect((await run("plan", "--set", "PROVIDER_ACME_MOTTO=1")).result).toMatchObject({ ok: true });
});
