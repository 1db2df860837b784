import { execFileSync } from "node:child_process";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configurationTree, environments, type ConfigurationTree } from "./support/configurationTree.ts";
import { landfall } from "./support/landfall.ts";

let tree: ConfigurationTree;
beforeEach(async () => {
  tree = await configurationTree();
});
afterEach(() => tree.remove());

describe("git", () => {
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.org", ...words], {
      cwd: tree.root,
      stdio: "pipe",
    });

  test.each([
    ["as git writes it", []],
    ["in version 4", ["update-index", "--index-version", "4"]],
    ["split", ["update-index", "--split-index"]],
  ])("a file that is tracked is refused with the way out; index %s", async (_form, words) => {
    const file = `${environments}/production.env`;
    await tree.write(file, "MYSQL_PASSWORD=x\n");
    git("init", "-q");
    git("add", "-f", ".");
    git("commit", "-qm", "x");
    if (words.length > 0) git(...words);
    const outcome = await tree.run("configure", "production");
    expect(outcome).toMatchObject({ status: 5, stderr: expect.stringContaining(`git rm --cached ${file}`) });
    expect(await tree.read(file)).toBe("MYSQL_PASSWORD=x\n");

    git("rm", "-q", "--cached", file);
    await tree.write(".gitignore", "*.env\n");
    const fine = await tree.run("configure", "production");
    expect(fine.status, fine.stderr).toBe(0);
    expect(fine.stderr).not.toContain("git");
  });

  test("every command that loads a tracked file warns, by the index alone", async () => {
    await tree.write(`${environments}/development.env`, "MYSQL_PASSWORD=x\n");
    git("init", "-q");
    const warned = async () =>
      (await tree.run("config", "show", "development/libvirt", "--json")).events.map(({ code }) => code);
    expect(await warned()).not.toContain("configuration.tracked-by-git");
    // Another file whose name ends in the same.
    await mkdir(tree.path(`copy/${environments}`), { recursive: true });
    await tree.write(`copy/${environments}/development.env`, "");
    git("add", "-f", "copy");
    expect(await warned()).not.toContain("configuration.tracked-by-git");
    git("add", "-f", ".");
    expect(await warned()).toContain("configuration.tracked-by-git");
    git("rm", "-q", "--cached", `${environments}/development.env`);
    git("add", "-f", `${environments}/development.env.tpl`);
    expect(await warned()).not.toContain("configuration.tracked-by-git");
  });

  test("a work tree and a submodule have their index elsewhere", async () => {
    git("init", "-q");
    await tree.write(`${environments}/staging.env`, "MYSQL_PASSWORD=x\n");
    git("add", "-f", ".");
    git("commit", "-qm", "x");
    git("worktree", "add", "-q", "tree");
    const outcome = await landfall(join(tree.root, "tree"), ["configure", "staging"]);
    expect(outcome).toMatchObject({ status: 5, stderr: expect.stringContaining("git tracks") });
  });

  test("a file that git would take with the next add is told", async () => {
    git("init", "-q");
    const outcome = await tree.run("configure", "development");
    expect(outcome).toMatchObject({ status: 0, stderr: expect.stringContaining("git does not ignore") });
  });
});

test("of several that make a file at once one wins, and the others say that they did nothing", async () => {
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => tree.run("configure", "staging", "--json")));
  expect(outcomes.filter(({ status }) => status === 0)).not.toEqual([]);
  for (const { status, result } of outcomes) {
    if (status !== 0) expect(result).toMatchObject({ error: { code: "configure.changed" } });
  }
  expect((await readdir(join(tree.root, environments))).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});
