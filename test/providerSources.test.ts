import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { npmRegistry } from "./support/npmRegistry.ts";
import { strangersFolder } from "./support/strangersFolder.ts";

/** Where providers of other people come from: git and npm, on this computer. */
let stranger: Awaited<ReturnType<typeof strangersFolder>>;
beforeEach(async () => {
  stranger = await strangersFolder();
});
afterEach(() => stranger.remove());

const git = (...words: string[]): string =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...words], { encoding: "utf8" }).trim();

describe("from git", () => {
  let url: string;
  let commit: string;
  beforeEach(async () => {
    const clone = join(stranger.away, "clone");
    await mkdir(clone);
    await rename(stranger.folder, join(clone, "acme"));
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
    expect(await stranger.json("provider", "add", source, "--yes")).toMatchObject({
      ok: true,
      provider: "acme",
      source,
    });
    expect(stranger.lock().providers["acme"]).toMatchObject({ source });
    expect(readFileSync(stranger.inTree("providers", "acme", "provider.ts"), "utf8")).toBe(stranger.leaves("ran"));
    expect(stranger.ran()).toBe(false);
  });

  test("a commit that no branch begins with, from a server that gives only branches", async () => {
    const clone = join(stranger.away, "clone");
    git("-C", clone, "commit", "-q", "--allow-empty", "-m", "two");
    // The first version of the protocol gives only what a branch or a tag names.
    await writeFile(join(stranger.away, ".gitconfig"), "[protocol]\nversion = 0\n");
    const { result } = await stranger.run(["provider", "add", `${url}#${commit}:acme`, "--yes", "--json"], {
      HOME: stranger.away,
    });
    expect(result).toMatchObject({ ok: true });
  });

  test.each(["#trunk:acme", "#v1:acme", ""])("%s is refused with the commit that it is now", async (what) => {
    const { status, stderr } = await stranger.run(["provider", "add", `${url}${what}`, "--yes"]);
    expect(status).toBe(3);
    expect(stderr).toContain(`now it is ${commit}`);
    expect(stderr).toContain(`landfall provider add ${url}#${commit}${what.includes(":") ? ":acme" : ""}`);
  });

  test("a commit, a branch and a repository that do not exist, and links, are named", async () => {
    const none = "0123456789012345678901234567890123456789";
    expect(await stranger.json("provider", "add", `${url}#${none}`, "--yes")).toMatchObject({
      error: { code: "provider.fetch" },
    });
    expect(await stranger.json("provider", "add", `${url}#nowhere`, "--yes")).toMatchObject({
      error: { code: "provider.source", exit: 3 },
    });
    expect(await stranger.json("provider", "add", `git+file:///nowhere#${none}`, "--yes")).toMatchObject({
      error: { code: "provider.fetch" },
    });
    const clone = join(stranger.away, "clone");
    await symlink("/etc/passwd", join(clone, "acme", "passwd"));
    git("-C", clone, "add", ".");
    git("-C", clone, "commit", "-q", "-m", "link");
    const { stderr } = await stranger.run([
      "provider",
      "add",
      `${url}#${git("-C", clone, "rev-parse", "HEAD")}:acme`,
      "--yes",
    ]);
    expect(stderr).toContain(`"passwd" is a link or a device`);
  });
});

describe("from npm", () => {
  test("a version is fetched without running its scripts, and copied out without its packages", async () => {
    const spoiled = join(stranger.away, "spoiled");
    const scripts = Object.fromEntries(
      ["preinstall", "install", "postinstall", "prepare", "prepack", "postpack"].map((name) => [
        name,
        `touch ${spoiled}`,
      ]),
    );
    await writeFile(
      join(stranger.folder, "package.json"),
      JSON.stringify({
        name: "@example/acme",
        version: "1.2.3",
        scripts,
        bundledDependencies: ["x"],
        dependencies: { x: "*" },
      }),
    );
    await mkdir(join(stranger.folder, "node_modules", "x"), { recursive: true });
    await writeFile(
      join(stranger.folder, "node_modules", "x", "package.json"),
      JSON.stringify({ name: "x", version: "1.0.0" }),
    );
    execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", stranger.away], {
      cwd: stranger.folder,
    });
    const registry = await npmRegistry(
      "@example/acme",
      "1.2.3",
      readFileSync(join(stranger.away, "example-acme-1.2.3.tgz")),
    );
    try {
      const npm = {
        npm_config_registry: registry.origin,
        npm_config_cache: join(stranger.away, "npm"),
        HOME: stranger.away,
      };
      const source = "npm:@example/acme@1.2.3";
      const { result, stdout } = await stranger.run(["provider", "add", source, "--yes", "--json"], npm);
      expect(result, stdout).toMatchObject({ ok: true, provider: "acme", source });
      expect(registry.asked).toContain("/@example%2facme");
      expect(existsSync(spoiled)).toBe(false);
      expect(existsSync(stranger.inTree("providers", "acme", "node_modules"))).toBe(false);
      expect((await stranger.run(["doctor", "acme"])).status).toBe(0);
      expect(stranger.ran()).toBe(true);
      const missing = await stranger.run(["provider", "add", "npm:@example/acme@9.9.9", "--yes", "--json"], npm);
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
  const { status, stderr } = await stranger.run(["provider", "add", source, "--yes"]);
  expect(status).toBe(3);
  expect(stderr).toContain(reason);
  expect(stderr).not.toContain("hidden");
});
