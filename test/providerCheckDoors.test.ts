import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, repository, type Tree } from "./support/makeTree.ts";

let tree: Tree;
let outside: string;
beforeAll(async () => {
  tree = await makeTree();
  outside = join(tree.root, "elsewhere");
  await mkdir(outside);
  await cp(join(repository, "test", "fixtures", "providers", "gale"), join(outside, "gale"), { recursive: true });
});
afterAll(() => tree.remove());

const check = (...argv: string[]): Promise<Outcome> => landfall(tree.root, ["provider", "check", ...argv, "--json"]);
const gale = (): string => join(outside, "gale");
const errorOf = ({ result }: Outcome) => result["error"] as { code: string; exit: number; hint: string };

describe("a folder outside of the tree, by its path", () => {
  test("is checked there, and nothing is written into it", async () => {
    const { status, result } = await check(gale(), "--level", "static");
    expect([status, result]).toMatchObject([0, { provider: "gale", folder: gale(), level: "static", ok: true }]);
  });

  test("behind a link it has the name by which it is found, as everywhere", async () => {
    const source = join(tree.root, "source", "provider-gale");
    await cp(gale(), source, { recursive: true });
    const links = join(tree.root, "links");
    await mkdir(links);
    await symlink(source, join(links, "gale"));
    for (const name of [join(links, "gale"), "gale"]) {
      const argv = ["provider", "check", name, "--level", "static", "--json"];
      const { status, result } = await landfall(tree.root, argv, { LANDFALL_PROVIDERS_PATH: links });
      expect([status, result], name).toMatchObject([0, { provider: "gale", ok: true }]);
    }
  });

  test("one rule is tried alone", async () => {
    const { result } = await check(gale(), "--rule", "readme.costs", "--rule", "files.links");
    expect((result["verdicts"] as { id: string }[]).map(({ id }) => id)).toEqual(["readme.costs", "files.links"]);
  });

  test("found by its name, it is executed only where it was accepted; static executes nothing", async () => {
    const environment = { LANDFALL_PROVIDERS_PATH: outside };
    const argv = ["provider", "check", "gale", "--json", "--level"];
    expect(await landfall(tree.root, [...argv, "static"], environment)).toMatchObject({ status: 0 });
    const refused = await landfall(tree.root, [...argv, "plan"], environment);
    expect(errorOf(refused)).toMatchObject({ code: "provider.notAccepted", exit: 5 });
    expect(errorOf(refused).hint).toContain("landfall provider accept gale");
  });
});

describe("a folder that no command would use, by its name", () => {
  const inTree = (name: string) => join(tree.root, "infrastructure", "terraform", "providers", name);
  const mark = () => join(tree.root, "ran");
  /** A provider that keeps every rule of level static, and leaves a mark as soon as its code runs. */
  const marking = async (folder: string): Promise<void> => {
    await cp(gale(), folder, { recursive: true });
    const code = join(folder, "provider.ts");
    const touch = `await process.getBuiltinModule("fs/promises").writeFile(${JSON.stringify(mark())}, "");\n`;
    await writeFile(code, `${await readFile(code, "utf8")}${touch}`);
  };
  const checked = (name: string, ...argv: string[]) =>
    landfall(tree.root, ["provider", "check", name, "--json", ...argv], {
      LANDFALL_PROVIDERS_PATH: join(tree.root, "x"),
    });
  afterEach(() =>
    Promise.all([join(tree.root, "x"), inTree("gale")].map((path) => rm(path, { recursive: true, force: true }))),
  );

  test("whose name the tree has: that of the tree is checked", async () => {
    await marking(join(tree.root, "x", "gale"));
    await cp(gale(), inTree("gale"), { recursive: true });
    expect((await checked("gale", "--level", "plan")).result).toMatchObject({ folder: inTree("gale") });
    expect(existsSync(mark())).toBe(false);
  });

  test("behind a link that leaves the providers directory: only read, and the reason is a finding", async () => {
    await marking(join(tree.root, "away", "gale"));
    await symlink(join(tree.root, "away", "gale"), inTree("gale"));
    for (const argv of [[], ["--level", "plan"]]) {
      const { status, result } = await checked("gale", ...argv);
      const verdicts = result["verdicts"] as { id: string; verdict: string; findings: { message: string }[] }[];
      expect([status, verdicts.filter(({ verdict }) => verdict === "failed")]).toMatchObject([
        1,
        [{ findings: [{ message: expect.stringContaining("a link that leaves the providers directory") }] }],
      ]);
    }
    expect(existsSync(mark())).toBe(false);
  });

  test("behind a link to nowhere: there is nothing to check", async () => {
    await symlink(join(tree.root, "nowhere"), inTree("gale"));
    expect(errorOf(await checked("gale"))).toMatchObject({ code: "provider.broken", exit: 3 });
  });
});

test("module.labels: without a plugin nothing can bear them, and that is said", async () => {
  const { result } = await check(join(repository, "scaffold", "new-cloud"), "--rule", "module.labels");
  const verdicts = result["verdicts"] as { id: string; reason?: string }[];
  expect(verdicts.find(({ id }) => id === "module.labels")?.reason).toContain("there is no plugin");
});

test("what the engine says of a module names the file of the folder, not that of a copy that is gone", async () => {
  const folder = join(outside, "squall");
  await landfall(tree.root, ["provider", "new", "squall", "--in", outside]);
  const wrong = 'resource "terraform_data" "wrong" {\n  input = jsondecode(var.vm_name)\n}\n';
  await writeFile(join(folder, "wrong.tf"), wrong);
  const { status, result, stdout } = await check(folder, "--rule", "plan.small");
  expect(status, stdout).toBe(1);
  const verdicts = result["verdicts"] as { id: string; findings: { where?: string }[] }[];
  const [finding] = verdicts.find(({ id }) => id === "plan.small")?.findings ?? [];
  expect(finding?.where).toBe(`${join(folder, "wrong.tf")}:2`);
  expect(stdout).not.toMatch(/landfall-check-|\.\.\//);
});

describe("reports", () => {
  test("JUnit: a case for each rule, failures with what to do, what was not tested as skipped", async () => {
    const broken = join(outside, "broken", "gale");
    await cp(gale(), broken, { recursive: true });
    const manifest = await readFile(join(broken, "provider.yaml"), "utf8");
    await writeFile(join(broken, "provider.yaml"), manifest.replace("every other respect", 'every <other> "respect".'));
    await writeFile(join(broken, "README.md"), "Gale & storm\n");
    const file = join(tree.root, "report.xml");
    const { status, result } = await check(broken, "--level", "static", "--junit", file);
    expect([status, result["ok"]]).toEqual([1, false]);
    const xml = await readFile(file, "utf8");
    const counts = result["counts"] as Record<string, number>;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(xml).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites>/);
    expect(xml.match(/<testcase /g)).toHaveLength((result["verdicts"] as unknown[]).length);
    expect(xml.match(/<failure /g)).toHaveLength(counts["failed"] ?? 0);
    expect(xml.match(/<skipped /g) ?? []).toHaveLength(counts["untested"] ?? 0);
    expect(xml).toContain(`failures="${counts["failed"]}" skipped="${counts["untested"]}"`);
    expect(xml).toMatch(/name="readme.present"><failure message="[^"]*">[^<]*fix: /);
    expect(xml).toMatch(/name="manifest.description"><system-out>[^<]*&quot;|name="manifest.description"><system-out>/);
    expect(xml.replaceAll(/&(amp|lt|gt|quot);/g, "")).not.toContain("&");
  });

  test("text: what is not kept, how many are, and a sentence at the end; with --verbose every rule", async () => {
    const argv = ["provider", "check", gale(), "--level", "static"];
    const { stdout, status } = await landfall(tree.root, argv);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/gale keeps contract 1 at level static: \d+ kept, 0 broken/),
    ]);
    expect(stdout).not.toContain("manifest.readable");
    expect(stdout).toMatch(/^\d+ rules are kept: --verbose shows them, too$/m);
    const all = (await landfall(tree.root, [...argv, "--verbose"])).stdout;
    expect(all).toMatch(/^manifest.readable +ok /m);
    expect(all).not.toContain("--verbose");
  });
});

describe("what is refused", () => {
  test.each([
    [["nowhere"], "provider.unknown", 3],
    [["./nowhere"], "provider.check", 3],
    [["gale", "--level", "high"], "usage.invalid", 3],
    [[".", "--rule", "no.such"], "check.noRule", 3],
    [[".", "--junit", "/no/dir/x.xml"], "check.junit", 3],
    [[".", "--junit", "/tmp"], "check.junit", 3],
  ] as const)("%j", async (argv, code, exit) => {
    expect(errorOf(await check(...argv))).toMatchObject({ code, exit });
  });

  test("a folder in the plan's own style: the rules are not about it", async () => {
    const folder = join(repository, "test", "fixtures", "plan-style", "pebble");
    const refused = errorOf(await check(folder));
    expect(refused).toMatchObject({ code: "check.planStyle", exit: 3 });
    expect(refused.hint).toContain("plan-style.md");
  });
});
