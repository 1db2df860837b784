import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sshKey } from "./support/configurationTree.ts";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

const environments = "infrastructure/config/environments";
let tree: Tree;
beforeEach(async () => {
  tree = await makeTree();
});
afterEach(() => tree.remove());

const run = (...argv: string[]): Promise<Outcome> => landfall(tree.root, argv);
const read = (name: string): Promise<string> => readFile(join(tree.root, environments, name), "utf8");
const write = (name: string, text: string): Promise<void> => writeFile(join(tree.root, environments, name), text);

/** Lines of the new template that the old one does not have, and the other way round. */
async function differences(from: string, name: string): Promise<[string[], string[]]> {
  const [old, fresh] = (await Promise.all([read(`${from}.env.tpl`), read(`${name}.env.tpl`)])).map((text) =>
    text.split("\n"),
  ) as [string[], string[]];
  return [old.filter((line) => !fresh.includes(line)), fresh.filter((line) => !old.includes(line))];
}

test("a template after another one: its name, the server's name, and nothing else", async () => {
  const outcome = await run("environment", "new", "qa", "--from", "staging");
  expect(outcome.status, outcome.stderr).toBe(0);
  expect(outcome.stdout).toContain("next: landfall configure qa");
  const [gone, come] = await differences("staging", "qa");
  expect(come.filter((line) => !line.startsWith("#"))).toEqual(["ENVIRONMENT=qa", "VM_NAME=torrust-tracker-qa"]);
  expect(gone.filter((line) => !line.startsWith("#"))).toEqual([
    "ENVIRONMENT=staging",
    "VM_NAME=torrust-tracker-staging",
  ]);
  expect(come[0]).toBe('# Environment "qa", made after staging.');
  expect(come.join("\n").replace("made after staging", "")).not.toContain("staging");
  expect((await stat(join(tree.root, environments, "qa.env.tpl"))).mode & 0o777).toBe(0o644);
});

test("without --from it is after development, which needs no answers: it works at once", async () => {
  expect((await run("environment", "new", "trial")).status).toBe(0);
  expect(await read("trial.env.tpl")).toContain("VM_NAME=torrust-tracker-trial\n");
  const check = await run("config", "check", "trial/libvirt");
  expect(check.status, check.stderr).toBe(0);
});

test("from there to a valid stack that is protected", async () => {
  await run("environment", "new", "shop", "--from", "production");
  expect(await read("shop.env.tpl")).toMatch(/^PROTECTED=true$/m);
  expect(await read("shop.env.tpl")).toMatch(/^VM_NAME=torrust-tracker-shop$/m);
  expect(await read("shop.env.tpl")).toContain("landfall state rotate shop");
  const answers = ["DOMAIN_NAME=shop.torrust.dev", "CERTBOT_EMAIL=a@torrust.dev", "ENABLE_SSL=true", sshKey];
  await run("configure", "shop", ...answers.flatMap((answer) => ["--set", answer]));
  expect((await run("config", "check", "shop/libvirt")).status).toBe(0);
  const { result } = await run("environments", "--json");
  expect(result["environments"]).toContainEqual(expect.objectContaining({ name: "shop", state: "configured" }));
});

describe("the server's name", () => {
  test.each([
    ["VM_NAME=box", "VM_NAME=box-qa"],
    ["VM_NAME='box-base'", "VM_NAME='box-qa'"],
    ["VM_NAME=box-ba # why", "VM_NAME=box-qa # why"],
    ["VM_NAME=box-basement", "VM_NAME=box-basement-qa"],
    ["VM_NAME=${PROJECT}-base", "VM_NAME=${PROJECT}-qa"],
    ["VM_NAME=${PROJECT}-${ENVIRONMENT}", "VM_NAME=${PROJECT}-${ENVIRONMENT}"],
    [`VM_NAME=${"x".repeat(63)}`, `VM_NAME=${"x".repeat(60)}-qa`],
    ["VM_NAME=", "VM_NAME="],
    ["VM_MEMORY=1024", "VM_MEMORY=1024"],
  ])("%s becomes %s", async (before, after) => {
    await write("base.env.tpl", `${before}\n`);
    await run("environment", "new", "qa", "--from", "base");
    expect(await read("qa.env.tpl")).toBe(`# Environment "qa", made after base.\n\n${after}\n`);
  });
});

describe("refused, with nothing written", () => {
  test.each([
    [["Qa"], /lower-case letters/],
    [["qa/x"], /lower-case letters/],
    [["local"], /old name of development/],
    [["staging"], /environment staging exists/],
    [["mine"], /environment mine exists/],
    [["qa", "--from", "mine"], /mine has no template/],
    [["qa", "--from", "stagin"], /did you mean staging\?/],
    [["qa", "--from", "broken"], /broken\.env\.tpl:1/],
    [[], /NAME/],
  ])("%j", async (argv, text) => {
    await write("mine.env", "A=1\n");
    await write("broken.env.tpl", "A='\n");
    const before = await readdir(join(tree.root, environments));
    const outcome = await run("environment", "new", ...argv);
    expect(outcome.status).toBe(3);
    expect(outcome.stderr).toMatch(text);
    expect(await readdir(join(tree.root, environments))).toEqual(before);
    expect(await read("mine.env")).toBe("A=1\n");
  });
});
