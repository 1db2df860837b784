import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { appendFile, chmod, cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { landfall } from "./support/landfall.ts";
import { makeTree, repository, type Tree } from "./support/makeTree.ts";
import { npmRegistry } from "./support/npmRegistry.ts";

/** Folders of other people: taken in, recorded, run only once they were accepted. */
let tree: Tree;
let away: string;
let folder: string;
beforeEach(async () => {
  tree = await makeTree();
  away = await mkdtemp(join(tmpdir(), "landfall-add-"));
  folder = join(away, "folders", "acme");
  await cp(join(repository, "test", "fixtures", "providers", "acme"), folder, { recursive: true });
  await writeFile(join(folder, "provider.ts"), leaves("ran"));
});
afterEach(async () => {
  await tree.remove();
  await rm(away, { recursive: true, force: true });
});

const leaves = (mark: string): string =>
  `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(join(away, mark))}, ""); export default {};`;
const run = (argv: readonly string[], environment: Record<string, string> = {}, answer?: string) =>
  landfall(
    tree.root,
    argv,
    { SKIP_WAIT: "true", XDG_STATE_HOME: join(away, "state"), ...environment },
    answer === undefined ? {} : { interactive: true, ask: async (question) => (questions.push(question), answer) },
  );
const json = async (...argv: string[]) => (await run([...argv, "--json"])).result;
const inTree = (...path: string[]): string => join(tree.root, "infrastructure", "terraform", ...path);
const ran = (): boolean => existsSync(join(away, "ran"));
const lock = () =>
  JSON.parse(readFileSync(inTree("providers.lock.json"), "utf8")) as { providers: Record<string, unknown> };
const git = (...words: string[]): string =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...words], { encoding: "utf8" }).trim();
let questions: string[] = [];
beforeEach(() => void (questions = []));

describe("from a folder", () => {
  test("it is copied, recorded and usable; nothing of it ran", async () => {
    await mkdir(join(folder, "node_modules", "x"), { recursive: true });
    await writeFile(join(folder, "node_modules", "x", "index.js"), "");
    await mkdir(join(folder, ".git"));
    const { status, stdout, stderr } = await run(["provider", "add", folder, "--yes"]);
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/provider acme from \.\..*acme: 6 files, \d+ bytes, sha256:[0-9a-f]{64}/);
    expect(stderr).toContain("would run: provider.ts, ");
    expect(stderr).toMatch(/would run: main\.tf, \d+ bytes \(in the engine, which may start programs\)/);
    expect(stdout).toContain("provider acme was added from ");
    expect(readdirSync(inTree("providers", "acme"))).toEqual(
      readdirSync(folder).filter((name) => !/^(\.git|node_modules)$/.test(name)),
    );
    expect(lock().providers["acme"]).toMatchObject({
      source: expect.stringMatching(/^\.\.\/.*\/folders\/acme$/),
      hash: expect.stringMatching(/^sha256:/),
      files: { "provider.ts": expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(statSync(inTree("providers", "acme", "main.tf")).mode & 0o777).toBe(0o644);
    expect(statSync(inTree("providers", "acme")).mode & 0o777).toBe(0o755);
    expect(readdirSync(inTree("providers")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(ran()).toBe(false);
    expect((await run(["provider", "info", "acme"])).status).toBe(0);
    expect(ran()).toBe(false);
    expect((await run(["doctor", "acme"])).status).toBe(0);
    expect(ran()).toBe(true);
  });

  test("a person is asked; no answer, no terminal and a no change nothing", async () => {
    const before = readdirSync(inTree("providers"));
    for (const answer of [undefined, "", "n"]) {
      const { status, stderr } = await run(["provider", "add", folder], {}, answer);
      expect(status, stderr).toBe(5);
    }
    expect(questions).toEqual([
      "This runs with your rights. Add it? [y/N] ",
      "This runs with your rights. Add it? [y/N] ",
    ]);
    expect(readdirSync(inTree("providers"))).toEqual(before);
    expect(existsSync(inTree("providers.lock.json"))).toBe(false);
    expect((await run(["provider", "add", folder], {}, "y")).status).toBe(0);
  });

  test("--name renames it in its manifest", async () => {
    expect(await json("provider", "add", folder, "--name", "zenith", "--yes")).toMatchObject({
      ok: true,
      provider: "zenith",
    });
    expect(await json("provider", "info", "zenith")).toMatchObject({ ok: true, name: "zenith" });
    const [here, there] = [inTree("providers", "zenith"), folder].map((path) =>
      readFileSync(join(path, "provider.yaml"), "utf8"),
    );
    expect(here).toBe(there?.replace(/^name: acme/m, "name: zenith"));
    expect(await json("provider", "add", folder, "--name", "../x", "--yes")).toMatchObject({
      error: { code: "provider.name", exit: 3 },
    });
  });

  test("what is there is refused, or replaced where it is as it was added", async () => {
    await json("provider", "add", folder, "--yes");
    expect(await json("provider", "add", folder, "--yes")).toMatchObject({
      error: { code: "provider.exists", exit: 5, hint: expect.stringContaining("--replace") },
    });
    expect(await json("provider", "add", folder, "--yes", "--replace")).toMatchObject({ ok: true, changed: false });
    await appendFile(join(folder, "README.md"), "newer\n");
    await rm(join(folder, "provider.ts"));
    expect(await json("provider", "add", folder, "--yes", "--replace")).toMatchObject({ ok: true, changed: true });
    expect(readFileSync(inTree("providers", "acme", "README.md"), "utf8")).toMatch(/newer\n$/);
    expect(existsSync(inTree("providers", "acme", "provider.ts"))).toBe(false);

    await appendFile(inTree("providers", "acme", "main.tf"), "# mine\n");
    await writeFile(inTree("providers", "acme", "mine.tf"), "");
    const refused = await run(["provider", "add", folder, "--yes", "--replace"]);
    expect(refused.status).toBe(5);
    expect(refused.stderr).toContain("main.tf was changed");
    expect(refused.stderr).toContain("mine.tf was added");
    expect(readFileSync(inTree("providers", "acme", "main.tf"), "utf8")).toMatch(/# mine\n$/);
  });

  test("a folder of the repository is never replaced", async () => {
    await tree.addProvider("acme");
    expect(await json("provider", "add", folder, "--yes", "--replace")).toMatchObject({
      error: { code: "provider.exists", message: expect.stringContaining("was not added from elsewhere") },
    });
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ["a link", () => symlink("/etc/passwd", join(folder, "passwd")), "a link"],
    ["a FIFO", async () => execFileSync("mkfifo", [join(folder, "pipe")]), "no plain file"],
    ["a name with a line end", () => writeFile(join(folder, "a\nb"), ""), "control characters"],
    ["no manifest", () => rm(join(folder, "provider.yaml")), "there is no provider.yaml"],
    [
      "a broken manifest",
      () => writeFile(join(folder, "provider.yaml"), "contract: 1\nname: acme\n"),
      "title is missing",
    ],
    ["far too much", () => writeFile(join(folder, "big"), Buffer.alloc(40_000_000)), "more than 2000 files or 32 MiB"],
  ])("%s is refused and leaves nothing", async (_what, spoil, reason) => {
    await spoil();
    const before = readdirSync(inTree("providers"));
    const { status, stderr } = await run(["provider", "add", folder, "--yes"]);
    expect([3, 5], stderr).toContain(status);
    expect(stderr).toContain(reason);
    expect(readdirSync(inTree("providers"))).toEqual(before);
    expect(existsSync(inTree("providers.lock.json"))).toBe(false);
  });
});

describe("from git", () => {
  let url: string;
  let commit: string;
  beforeEach(async () => {
    const clone = join(away, "clone");
    await mkdir(clone);
    await rename(folder, join(clone, "acme"));
    await writeFile(join(clone, ".gitattributes"), "*.md filter=evil\n");
    git("-C", clone, "init", "-q", "-b", "trunk");
    git("-C", clone, "add", ".");
    git("-C", clone, "commit", "-q", "-m", "one");
    git("-C", clone, "tag", "-a", "v1", "-m", "one");
    commit = git("-C", clone, "rev-parse", "HEAD");
    url = `git+file://${clone}`;
  });

  test("one commit, one folder of it", async () => {
    const source = `${url}#${commit}:acme`;
    expect(await json("provider", "add", source, "--yes")).toMatchObject({ ok: true, provider: "acme", source });
    expect(lock().providers["acme"]).toMatchObject({ source });
    expect(readFileSync(inTree("providers", "acme", "provider.ts"), "utf8")).toBe(leaves("ran"));
    expect(ran()).toBe(false);
  });

  test("a commit that no branch begins with, from a server that gives only branches", async () => {
    const clone = join(away, "clone");
    git("-C", clone, "commit", "-q", "--allow-empty", "-m", "two");
    // The first version of the protocol gives only what a branch or a tag names.
    await writeFile(join(away, ".gitconfig"), "[protocol]\nversion = 0\n");
    const { result } = await run(["provider", "add", `${url}#${commit}:acme`, "--yes", "--json"], { HOME: away });
    expect(result).toMatchObject({ ok: true });
  });

  test.each(["#trunk:acme", "#v1:acme", ""])("%s is refused with the commit that it is now", async (what) => {
    const { status, stderr } = await run(["provider", "add", `${url}${what}`, "--yes"]);
    expect(status).toBe(3);
    expect(stderr).toContain(`now it is ${commit}`);
    expect(stderr).toContain(`landfall provider add ${url}#${commit}${what.includes(":") ? ":acme" : ""}`);
  });

  test("a commit, a branch and a repository that do not exist, and links, are named", async () => {
    const none = "0123456789012345678901234567890123456789";
    expect(await json("provider", "add", `${url}#${none}`, "--yes")).toMatchObject({
      error: { code: "provider.fetch" },
    });
    expect(await json("provider", "add", `${url}#nowhere`, "--yes")).toMatchObject({
      error: { code: "provider.source", exit: 3 },
    });
    expect(await json("provider", "add", `git+file:///nowhere#${none}`, "--yes")).toMatchObject({
      error: { code: "provider.fetch" },
    });
    const clone = join(away, "clone");
    await symlink("/etc/passwd", join(clone, "acme", "passwd"));
    git("-C", clone, "add", ".");
    git("-C", clone, "commit", "-q", "-m", "link");
    const { stderr } = await run(["provider", "add", `${url}#${git("-C", clone, "rev-parse", "HEAD")}:acme`, "--yes"]);
    expect(stderr).toContain(`"passwd" is a link or a device`);
  });
});

describe("from npm", () => {
  test("a version is fetched without running its scripts, and copied out without its packages", async () => {
    const spoiled = join(away, "spoiled");
    const scripts = Object.fromEntries(
      ["preinstall", "install", "postinstall", "prepare", "prepack", "postpack"].map((name) => [
        name,
        `touch ${spoiled}`,
      ]),
    );
    await writeFile(
      join(folder, "package.json"),
      JSON.stringify({
        name: "@example/acme",
        version: "1.2.3",
        scripts,
        bundledDependencies: ["x"],
        dependencies: { x: "*" },
      }),
    );
    await mkdir(join(folder, "node_modules", "x"), { recursive: true });
    await writeFile(join(folder, "node_modules", "x", "package.json"), JSON.stringify({ name: "x", version: "1.0.0" }));
    execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", away], { cwd: folder });
    const registry = await npmRegistry("@example/acme", "1.2.3", readFileSync(join(away, "example-acme-1.2.3.tgz")));
    try {
      const npm = { npm_config_registry: registry.origin, npm_config_cache: join(away, "npm"), HOME: away };
      const source = "npm:@example/acme@1.2.3";
      const { result, stdout } = await run(["provider", "add", source, "--yes", "--json"], npm);
      expect(result, stdout).toMatchObject({ ok: true, provider: "acme", source });
      expect(registry.asked).toContain("/@example%2facme");
      expect(existsSync(spoiled)).toBe(false);
      expect(existsSync(inTree("providers", "acme", "node_modules"))).toBe(false);
      expect((await run(["doctor", "acme"])).status).toBe(0);
      expect(ran()).toBe(true);
      const missing = await run(["provider", "add", "npm:@example/acme@9.9.9", "--yes", "--json"], npm);
      expect(missing.result).toMatchObject({ error: { code: "provider.fetch", exit: 1 } });
    } finally {
      await registry.close();
    }
  });
});

test.each([
  ["npm:acme", "names no version"],
  ["npm:acme@^1.0.0", "no exact version"],
  ["npm:acme@latest", "no exact version"],
  ["npm:acme@1.2.3/../x", "leaves the folder"],
  ["npm:--registry=x@1.2.3", "no name of a package"],
  ["npm:../x@1.2.3", "no name of a package"],
  ["http://example.org/x.git#0123456789012345678901234567890123456789", "http:// is not taken"],
  ["git+ext://sh -c id", "ext:// is not taken"],
  ["git+https://user:hidden@example.org/x#0123456789012345678901234567890123456789", "has credentials in it"],
  ["git@example.org:x.git", "git+ssh://"],
  ["git+file:///x#--upload-pack=id", "is no commit"],
  ["git+file:///x#0123456789012345678901234567890123456789:../y", "leaves the folder"],
  ["/nowhere/at/all", "there is no folder"],
  ["", "it is empty"],
])("%s is refused before anything is asked or fetched", async (source, reason) => {
  const { status, stderr } = await run(["provider", "add", source, "--yes"]);
  expect(status).toBe(3);
  expect(stderr).toContain(reason);
  expect(stderr).not.toContain("hidden");
});

describe("acceptance", () => {
  const outside = () => ({ LANDFALL_PROVIDERS_PATH: join(away, "folders") });
  const withPath = async (...argv: string[]) => run([...argv, "--json"], outside());

  test("a folder of LANDFALL_PROVIDERS_PATH runs once it was accepted, and again after each change", async () => {
    expect((await run(["providers"], outside())).stdout).toContain("acme");
    expect((await withPath("provider", "info", "acme")).result).toMatchObject({ ok: true });
    for (const argv of [
      ["doctor", "acme"],
      ["setup", "acme"],
      ["plan", "development/acme"],
      ["tofu", "development/acme", "--", "version"],
    ]) {
      const { status, stderr } = await run(argv, outside());
      expect([status, stderr], argv.join(" ")).toEqual([5, expect.stringContaining("landfall provider accept acme")]);
    }
    expect((await run(["provider", "accept", "acme"], outside())).status).toBe(5);
    expect(ran()).toBe(false);
    expect((await run(["provider", "accept", "acme"], outside(), "y")).status).toBe(0);
    const store = join(away, "state", "landfall", "providers.json");
    expect(statSync(store).mode & 0o777).toBe(0o600);
    expect((await run(["doctor", "acme"], outside())).status).toBe(0);
    expect(ran()).toBe(true);

    await appendFile(join(folder, "main.tf"), "\n");
    await chmod(join(folder, "README.md"), 0o600);
    const changed = await run(["doctor", "acme"], outside());
    expect(changed.status).toBe(5);
    expect(changed.stderr).toContain("has changed since it was accepted");
    expect(changed.stderr).toContain("main.tf was changed");
    expect(changed.stderr).not.toContain("README");
    expect((await withPath("provider", "accept", "acme", "--yes")).result).toMatchObject({ changed: true });
    expect((await withPath("provider", "accept", "acme", "--yes")).result).toMatchObject({ changed: false });
    expect((await run(["doctor", "acme"], outside())).status).toBe(0);
  });

  test("status says why it knows nothing, and rubbish in the record accepts nothing", async () => {
    await run(["provider", "accept", "acme", "--yes"], outside());
    expect((await withPath("init", "development/acme")).result).toMatchObject({ ok: true });
    await writeFile(join(away, "state", "landfall", "providers.json"), "{");
    expect((await run(["doctor", "acme"], outside())).status).toBe(5);
    const { status, stdout } = await run(["status", "development/acme"], outside());
    expect(status).toBe(0);
    expect(stdout).toContain("may not run");
  });

  test("a folder with a link in it cannot be accepted", async () => {
    await symlink("/etc/passwd", join(folder, "passwd"));
    const { status, stderr } = await run(["provider", "accept", "acme", "--yes"], outside());
    expect(status).toBe(5);
    expect(stderr).toContain("a link");
  });

  test("an added folder that was changed stops until it is accepted, for everybody in the clone", async () => {
    await json("provider", "add", folder, "--yes");
    await writeFile(inTree("providers", "acme", "provider.ts"), leaves("other"));
    const refused = await run(["doctor", "acme"]);
    expect([refused.status, refused.stderr]).toEqual([5, expect.stringContaining("provider.ts was changed")]);
    expect(existsSync(join(away, "other"))).toBe(false);
    expect((await run(["provider", "accept", "acme", "--yes"])).status).toBe(0);
    expect((await run(["doctor", "acme"], { XDG_STATE_HOME: join(away, "another") })).status).toBe(0);
    expect(existsSync(join(away, "other"))).toBe(true);
  });

  test("a folder of the repository needs none; a record that cannot be read stops added ones and built-in ones", async () => {
    await tree.addProvider("acme");
    expect((await run(["doctor", "acme"])).status).toBe(0);
    expect((await run(["provider", "accept", "acme"])).stdout).toContain("belongs to this repository");
    await writeFile(inTree("providers.lock.json"), "{");
    expect((await run(["providers"])).status).toBe(0);
    expect((await run(["doctor", "acme"])).status).toBe(3);
  });
});

describe("provider remove", () => {
  test("takes away what was added and its record, and nothing else", async () => {
    await json("provider", "add", folder, "--yes");
    await json("provider", "add", folder, "--name", "zenith", "--yes");
    expect(await json("provider", "remove", "acme")).toMatchObject({ ok: true, provider: "acme" });
    expect(existsSync(inTree("providers", "acme"))).toBe(false);
    expect(Object.keys(lock().providers)).toEqual(["zenith"]);
    expect(await json("provider", "remove", "zenith")).toMatchObject({ ok: true });
    expect(existsSync(inTree("providers.lock.json"))).toBe(false);
    await tree.addProvider("acme");
    for (const name of ["acme", "nobody", "../../config"]) {
      expect(await json("provider", "remove", name, "--yes")).toMatchObject({ error: { code: "provider.notAdded" } });
    }
    expect(existsSync(inTree("providers", "acme"))).toBe(true);
  });

  test("local changes are not lost without a word", async () => {
    await json("provider", "add", folder, "--yes");
    await writeFile(inTree("providers", "acme", "mine.tf"), "");
    const { status, stderr } = await run(["provider", "remove", "acme"]);
    expect([status, stderr]).toEqual([5, expect.stringContaining("mine.tf was added")]);
    expect((await run(["provider", "remove", "acme"], {}, "n")).status).toBe(5);
    expect((await run(["provider", "remove", "acme"], {}, "y")).status).toBe(0);
  });

  test("not while a stack of it exists", async () => {
    await json("provider", "add", folder, "--yes");
    expect(await json("apply", "development/acme", "--yes")).toMatchObject({ ok: true });
    const { status, stderr } = await run(["provider", "remove", "acme", "--yes"]);
    expect(status).toBe(5);
    expect(stderr).toContain("provider acme has stacks: development/acme");
    expect(await json("destroy", "development/acme", "--yes")).toMatchObject({ ok: true });
    expect(await json("provider", "remove", "acme", "--yes")).toMatchObject({ ok: true });
  });
});

test("two at the same time are both recorded", async () => {
  const results = await Promise.all(
    ["one", "two", "three", "four"].map((name) => json("provider", "add", folder, "--name", name, "--yes")),
  );
  expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  expect(Object.keys(lock().providers)).toEqual(["four", "one", "three", "two"]);
});
