import { existsSync, statSync } from "node:fs";
import { appendFile, chmod, mkdir, rmdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { strangersFolder } from "./support/strangersFolder.ts";

/** Code of other people runs once it was accepted, and goes with what was added. */
let stranger: Awaited<ReturnType<typeof strangersFolder>>;
beforeEach(async () => {
  stranger = await strangersFolder();
});
afterEach(() => stranger.remove());

describe("acceptance", () => {
  const outside = () => ({ LANDFALL_PROVIDERS_PATH: join(stranger.away, "folders") });
  const withPath = async (...argv: string[]) => stranger.run([...argv, "--json"], outside());

  test("a folder of LANDFALL_PROVIDERS_PATH runs once it was accepted, and again after each change", async () => {
    expect((await stranger.run(["providers"], outside())).stdout).toContain("acme");
    expect((await withPath("provider", "info", "acme")).result).toMatchObject({ ok: true });
    for (const argv of [
      ["doctor", "acme"],
      ["setup", "acme"],
      ["plan", "development/acme"],
      ["tofu", "development/acme", "--", "version"],
    ]) {
      const { status, stderr } = await stranger.run(argv, outside());
      expect([status, stderr], argv.join(" ")).toEqual([5, expect.stringContaining("landfall provider accept acme")]);
    }
    expect((await stranger.run(["provider", "accept", "acme"], outside())).status).toBe(5);
    expect(stranger.ran()).toBe(false);
    expect((await stranger.run(["provider", "accept", "acme"], outside(), "y")).status).toBe(0);
    const store = join(stranger.away, "state", "landfall", "providers.json");
    expect(statSync(store).mode & 0o777).toBe(0o600);
    expect((await stranger.run(["doctor", "acme"], outside())).status).toBe(0);
    expect(stranger.ran()).toBe(true);

    await appendFile(join(stranger.folder, "main.tf"), "\n");
    await chmod(join(stranger.folder, "README.md"), 0o600);
    const changed = await stranger.run(["doctor", "acme"], outside());
    expect(changed.status).toBe(5);
    expect(changed.stderr).toContain("has changed since it was accepted");
    expect(changed.stderr).toContain("main.tf was changed");
    expect(changed.stderr).not.toContain("README");
    expect((await withPath("provider", "accept", "acme", "--yes")).result).toMatchObject({ changed: true });
    expect((await withPath("provider", "accept", "acme", "--yes")).result).toMatchObject({ changed: false });
    expect((await stranger.run(["doctor", "acme"], outside())).status).toBe(0);
  });

  test("status says why it knows nothing, and rubbish in the record accepts nothing", async () => {
    await stranger.run(["provider", "accept", "acme", "--yes"], outside());
    expect((await withPath("init", "development/acme")).result).toMatchObject({ ok: true });
    await writeFile(join(stranger.away, "state", "landfall", "providers.json"), "{");
    expect((await stranger.run(["doctor", "acme"], outside())).status).toBe(5);
    const { status, stdout } = await stranger.run(["status", "development/acme"], outside());
    expect(status).toBe(0);
    expect(stdout).toContain("may not run");
  });

  test("a folder with a link in it cannot be accepted", async () => {
    await symlink("/etc/passwd", join(stranger.folder, "passwd"));
    const { status, stderr } = await stranger.run(["provider", "accept", "acme", "--yes"], outside());
    expect(status).toBe(5);
    expect(stderr).toContain("a link");
  });

  test("a folder with the engine's own in it cannot be accepted, nor run: code could use what is there", async () => {
    await mkdir(join(stranger.folder, "modules", ".terraform"), { recursive: true });
    const refused = await stranger.run(["provider", "accept", "acme", "--yes"], outside());
    expect([refused.status, refused.stderr]).toEqual([5, expect.stringContaining("remove it, it is made anew")]);
    await rmdir(join(stranger.folder, "modules", ".terraform"));
    expect((await stranger.run(["provider", "accept", "acme", "--yes"], outside())).status).toBe(0);
    await mkdir(join(stranger.folder, ".terraform"));
    await writeFile(join(stranger.folder, ".terraform", "more.ts"), "");
    expect((await stranger.run(["doctor", "acme"], outside())).status).toBe(5);
    expect(stranger.ran()).toBe(false);
    // What is added is a copy, without it.
    expect(await stranger.json("provider", "add", stranger.folder, "--yes")).toMatchObject({ ok: true });
    expect(existsSync(stranger.inTree("providers", "acme", ".terraform"))).toBe(false);
  });

  test("an added folder that was changed stops until it is accepted, for everybody in the clone", async () => {
    await stranger.json("provider", "add", stranger.folder, "--yes");
    await writeFile(stranger.inTree("providers", "acme", "provider.ts"), stranger.leaves("other"));
    const refused = await stranger.run(["doctor", "acme"]);
    expect([refused.status, refused.stderr]).toEqual([5, expect.stringContaining("provider.ts was changed")]);
    expect(existsSync(join(stranger.away, "other"))).toBe(false);
    expect((await stranger.run(["provider", "accept", "acme", "--yes"])).status).toBe(0);
    expect((await stranger.run(["doctor", "acme"], { XDG_STATE_HOME: join(stranger.away, "another") })).status).toBe(0);
    expect(existsSync(join(stranger.away, "other"))).toBe(true);
  });

  test("a folder of the repository needs none; a record that cannot be read stops added ones and built-in ones", async () => {
    await stranger.tree.addProvider("acme");
    expect((await stranger.run(["doctor", "acme"])).status).toBe(0);
    expect((await stranger.run(["provider", "accept", "acme"])).stdout).toContain("belongs to this repository");
    await writeFile(stranger.inTree("providers.lock.json"), "{");
    expect((await stranger.run(["providers"])).status).toBe(0);
    expect((await stranger.run(["doctor", "acme"])).status).toBe(3);
  });
});

describe("provider remove", () => {
  test("takes away what was added and its record, and nothing else", async () => {
    await stranger.json("provider", "add", stranger.folder, "--yes");
    await stranger.json("provider", "add", stranger.folder, "--name", "zenith", "--yes");
    expect(await stranger.json("provider", "remove", "acme")).toMatchObject({ ok: true, provider: "acme" });
    expect(existsSync(stranger.inTree("providers", "acme"))).toBe(false);
    expect(Object.keys(stranger.lock().providers)).toEqual(["zenith"]);
    expect(await stranger.json("provider", "remove", "zenith")).toMatchObject({ ok: true });
    expect(existsSync(stranger.inTree("providers.lock.json"))).toBe(false);
    await stranger.tree.addProvider("acme");
    for (const name of ["acme", "nobody", "../../config"]) {
      expect(await stranger.json("provider", "remove", name, "--yes")).toMatchObject({
        error: { code: "provider.notAdded" },
      });
    }
    expect(existsSync(stranger.inTree("providers", "acme"))).toBe(true);
  });

  test("local changes are not lost without a word", async () => {
    await stranger.json("provider", "add", stranger.folder, "--yes");
    await writeFile(stranger.inTree("providers", "acme", "mine.tf"), "");
    const { status, stderr } = await stranger.run(["provider", "remove", "acme"]);
    expect([status, stderr]).toEqual([5, expect.stringContaining("mine.tf was added")]);
    expect((await stranger.run(["provider", "remove", "acme"], {}, "n")).status).toBe(5);
    expect((await stranger.run(["provider", "remove", "acme"], {}, "y")).status).toBe(0);
  });

  test("not while a stack of it exists", async () => {
    await stranger.json("provider", "add", stranger.folder, "--yes");
    expect(await stranger.json("apply", "development/acme", "--yes")).toMatchObject({ ok: true });
    const { status, stderr } = await stranger.run(["provider", "remove", "acme", "--yes"]);
    expect(status).toBe(5);
    expect(stderr).toContain("provider acme has stacks: development/acme");
    expect(await stranger.json("destroy", "development/acme", "--yes")).toMatchObject({ ok: true });
    expect(await stranger.json("provider", "remove", "acme", "--yes")).toMatchObject({ ok: true });
  });
});
