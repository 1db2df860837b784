import { spawnSync } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, repository, type Tree } from "./support/makeTree.ts";

/** What holds of encrypted files without decrypting one. */
let tree: Tree;
let config: string;

beforeEach(async () => {
  tree = await makeTree();
  onTestFinished(() => tree.remove());
  onTestFinished(() => void vi.unstubAllEnvs());
  await tree.addProvider("acme");
  config = join(tree.root, "infrastructure", "config");
});

const run = (argv: string[]): Promise<Outcome> => landfall(tree.root, argv);

test("a program that is missing is a prerequisite", async () => {
  vi.stubEnv("PATH", "/nowhere");
  for (const [form, install] of [
    ["age", "apt-get install age"],
    ["sops", "getsops.io"],
  ] as const) {
    const path = join(config, `environments/qa.env.${form}`);
    await writeFile(path, "x");
    const { status, stderr } = await run(["config", "check", "qa/acme"]);
    expect(status).toBe(4);
    expect(stderr).toContain(`environments/qa.env.${form} is encrypted with ${form}, which is not on PATH`);
    expect(stderr).toContain(install);
    await rm(path);
  }
});

test("two files for one environment or provider are refused, with their names", async () => {
  await tree.environment("qa", ["ENVIRONMENT=qa"]);
  await writeFile(join(config, "environments/qa.env.sops"), "x");
  const both = await run(["config", "check", "qa/acme"]);
  expect(both.status).toBe(3);
  expect(both.stderr).toContain(
    "there are infrastructure/config/environments/qa.env and infrastructure/config/environments/qa.env.sops, and only one",
  );
  await rm(join(config, "environments/qa.env.sops"));
  for (const form of ["age", "sops"]) await writeFile(join(config, `providers/acme.env.${form}`), "x");
  expect((await run(["config", "check", "qa/acme"])).stderr).toContain(
    "acme.env.age and infrastructure/config/providers",
  );
});

test("a rehearsal decrypts nothing: the template counts, and where there is none, that is said", async () => {
  vi.stubEnv("PATH", "/nowhere");
  await writeFile(join(config, "environments/qa.env.age"), "x");
  const none = await run(["config", "show", "qa/acme", "--rehearsal"]);
  expect(none.status).toBe(3);
  expect(none.stderr).toContain("a rehearsal decrypts nothing: environment qa needs a template");
  await writeFile(
    join(config, "environments/qa.env.tpl"),
    "ENVIRONMENT=qa\nVM_NAME=from-template\nTOKEN=REPLACE_WITH_X\n",
  );
  await writeFile(join(config, "providers/acme.env.sops"), "x");
  const { status, stdout } = await run(["config", "show", "qa/acme", "--rehearsal"]);
  expect(status).toBe(0);
  expect(stdout).toContain("from-template");
});

test("git ignores plain files, and not encrypted ones", () => {
  const ignored = (path: string) =>
    spawnSync("git", ["check-ignore", "-q", `infrastructure/config/${path}`], { cwd: repository }).status === 0;
  for (const folder of ["environments", "providers"]) {
    expect(ignored(`${folder}/x.env`)).toBe(true);
    for (const form of ["age", "sops", "tpl"]) expect(ignored(`${folder}/x.env.${form}`), form).toBe(false);
  }
});
