import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { appendFile, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { strangersFolder } from "./support/strangersFolder.ts";

/** Folders of other people are copied into the tree and recorded; nothing of them runs. */
let stranger: Awaited<ReturnType<typeof strangersFolder>>;
beforeEach(async () => {
  stranger = await strangersFolder();
});
afterEach(() => stranger.remove());

describe("from a folder", () => {
  test("it is copied, recorded and usable; nothing of it ran", async () => {
    await mkdir(join(stranger.folder, "node_modules", "x"), { recursive: true });
    await writeFile(join(stranger.folder, "node_modules", "x", "index.js"), "");
    await mkdir(join(stranger.folder, ".git"));
    const { status, stdout, stderr } = await stranger.run(["provider", "add", stranger.folder, "--yes"]);
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/provider acme from \.\..*acme: 6 files, \d+ bytes, sha256:[0-9a-f]{64}/);
    expect(stderr).toContain("would run: provider.ts, ");
    expect(stderr).toMatch(/would run: main\.tf, \d+ bytes \(in the engine, which may start programs\)/);
    expect(stdout).toContain("provider acme was added from ");
    expect(readdirSync(stranger.inTree("providers", "acme"))).toEqual(
      readdirSync(stranger.folder).filter((name) => !/^(\.git|node_modules)$/.test(name)),
    );
    expect(stranger.lock().providers["acme"]).toMatchObject({
      source: expect.stringMatching(/^\.\.\/.*\/folders\/acme$/),
      hash: expect.stringMatching(/^sha256:/),
      files: { "provider.ts": expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(statSync(stranger.inTree("providers", "acme", "main.tf")).mode & 0o777).toBe(0o644);
    expect(statSync(stranger.inTree("providers", "acme")).mode & 0o777).toBe(0o755);
    expect(readdirSync(stranger.inTree("providers")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(stranger.ran()).toBe(false);
    expect((await stranger.run(["provider", "info", "acme"])).status).toBe(0);
    expect(stranger.ran()).toBe(false);
    expect((await stranger.run(["doctor", "acme"])).status).toBe(0);
    expect(stranger.ran()).toBe(true);
  });

  test("a person is asked; no answer, no terminal and a no change nothing", async () => {
    const before = readdirSync(stranger.inTree("providers"));
    for (const answer of [undefined, "", "n"]) {
      const { status, stderr } = await stranger.run(["provider", "add", stranger.folder], {}, answer);
      expect(status, stderr).toBe(5);
    }
    expect(stranger.questions).toEqual([
      "This runs with your rights. Add it? [y/N] ",
      "This runs with your rights. Add it? [y/N] ",
    ]);
    expect(readdirSync(stranger.inTree("providers"))).toEqual(before);
    expect(existsSync(stranger.inTree("providers.lock.json"))).toBe(false);
    expect((await stranger.run(["provider", "add", stranger.folder], {}, "y")).status).toBe(0);
  });

  test("--name renames it in its manifest", async () => {
    expect(await stranger.json("provider", "add", stranger.folder, "--name", "zenith", "--yes")).toMatchObject({
      ok: true,
      provider: "zenith",
    });
    expect(await stranger.json("provider", "info", "zenith")).toMatchObject({ ok: true, name: "zenith" });
    const [here, there] = [stranger.inTree("providers", "zenith"), stranger.folder].map((path) =>
      readFileSync(join(path, "provider.yaml"), "utf8"),
    );
    expect(here).toBe(there?.replace(/^name: acme/m, "name: zenith"));
    expect(await stranger.json("provider", "add", stranger.folder, "--name", "../x", "--yes")).toMatchObject({
      error: { code: "provider.name", exit: 3 },
    });
  });

  test("what is there is refused, or replaced where it is as it was added", async () => {
    await stranger.json("provider", "add", stranger.folder, "--yes");
    expect(await stranger.json("provider", "add", stranger.folder, "--yes")).toMatchObject({
      error: { code: "provider.exists", exit: 5, hint: expect.stringContaining("--replace") },
    });
    expect(await stranger.json("provider", "add", stranger.folder, "--yes", "--replace")).toMatchObject({
      ok: true,
      changed: false,
    });
    await appendFile(join(stranger.folder, "README.md"), "newer\n");
    await rm(join(stranger.folder, "provider.ts"));
    expect(await stranger.json("provider", "add", stranger.folder, "--yes", "--replace")).toMatchObject({
      ok: true,
      changed: true,
    });
    expect(readFileSync(stranger.inTree("providers", "acme", "README.md"), "utf8")).toMatch(/newer\n$/);
    expect(existsSync(stranger.inTree("providers", "acme", "provider.ts"))).toBe(false);

    await appendFile(stranger.inTree("providers", "acme", "main.tf"), "# mine\n");
    await writeFile(stranger.inTree("providers", "acme", "mine.tf"), "");
    const refused = await stranger.run(["provider", "add", stranger.folder, "--yes", "--replace"]);
    expect(refused.status).toBe(5);
    expect(refused.stderr).toContain("main.tf was changed");
    expect(refused.stderr).toContain("mine.tf was added");
    expect(readFileSync(stranger.inTree("providers", "acme", "main.tf"), "utf8")).toMatch(/# mine\n$/);
  });

  test("a folder of the repository is never replaced", async () => {
    await stranger.tree.addProvider("acme");
    expect(await stranger.json("provider", "add", stranger.folder, "--yes", "--replace")).toMatchObject({
      error: { code: "provider.exists", message: expect.stringContaining("was not added from elsewhere") },
    });
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ["a link", () => symlink("/etc/passwd", join(stranger.folder, "passwd")), "a link"],
    ["a FIFO", async () => execFileSync("mkfifo", [join(stranger.folder, "pipe")]), "no plain file"],
    ["a name with a line end", () => writeFile(join(stranger.folder, "a\nb"), ""), "control characters"],
    ["no manifest", () => rm(join(stranger.folder, "provider.yaml")), "there is no provider.yaml"],
    [
      "a broken manifest",
      () => writeFile(join(stranger.folder, "provider.yaml"), "contract: 1\nname: acme\n"),
      "title is missing",
    ],
    [
      "far too much",
      () => writeFile(join(stranger.folder, "big"), Buffer.alloc(40_000_000)),
      "more than 2000 files or 32 MiB",
    ],
  ])("%s is refused and leaves nothing", async (_what, spoil, reason) => {
    await spoil();
    const before = readdirSync(stranger.inTree("providers"));
    const { status, stderr } = await stranger.run(["provider", "add", stranger.folder, "--yes"]);
    expect([3, 5], stderr).toContain(status);
    expect(stderr).toContain(reason);
    expect(readdirSync(stranger.inTree("providers"))).toEqual(before);
    expect(existsSync(stranger.inTree("providers.lock.json"))).toBe(false);
  });
});

test("two at the same time are both recorded", async () => {
  const results = await Promise.all(
    ["one", "two", "three", "four"].map((name) =>
      stranger.json("provider", "add", stranger.folder, "--name", name, "--yes"),
    ),
  );
  expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  expect(Object.keys(stranger.lock().providers)).toEqual(["four", "one", "three", "two"]);
});
