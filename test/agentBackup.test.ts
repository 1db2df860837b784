import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rename, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { succeed } from "./support/agentBench.ts";
import { backupCheck, expectClean, makeBackupBench, rowsOfNow } from "./support/backupBench.ts";

const timeout = 600_000;

describe("a backup", { concurrent: true, timeout }, () => {
  test("holds the dump and the files, for root only, with their checksums", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    const id = await bench.backup();
    expect(id).toMatch(/^\d{8}T\d{6}Z$/);
    const place = join(bench.root, "backups", id);
    const read = (name: string): Promise<Buffer> => readFile(join(place, name));
    const manifest = JSON.parse((await read("manifest.json")).toString()) as { files: Record<string, unknown>[] };
    expect(manifest).toMatchObject({
      backup: 1,
      id,
      application: "site",
      release: await bench.current(),
      recipients: [],
    });
    expect(manifest.files).toMatchObject([
      { kind: "dump", name: "database.sql.gz", content: rowsOfNow.length },
      { kind: "files", name: "files.tar.gz", paths: ["uploads"] },
    ]);
    for (const file of manifest.files) {
      const content = await read(file["name"] as string);
      expect(file).toMatchObject({ size: content.length, sha256: createHash("sha256").update(content).digest("hex") });
      expect((await stat(join(place, file["name"] as string))).mode & 0o777).toBe(0o600);
    }
    expect(gunzipSync(await read("database.sql.gz")).toString()).toBe(rowsOfNow);
    expect(gunzipSync(await read("files.tar.gz")).toString()).toContain("uploads/deep/picture");
    expect((await stat(join(bench.root, "backups"))).mode & 0o777).toBe(0o700);
    await expectClean(bench);
  });

  test("whose dump fails, or is empty, is none, and status and health say so", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    await bench.write("");
    expect((await bench.call({ command: "backup" })).problem).toMatchObject({
      code: "backup.dump",
      message: expect.stringContaining("wrote nothing"),
    });
    expect(await bench.kept()).toEqual([]);
    const { last_backup: last } = await bench.status();
    expect(last).toMatchObject({ problem: expect.stringContaining("wrote nothing"), by: "ada@desk" });
    expect(await backupCheck(bench)).toMatchObject({ outcome: "bad", message: expect.stringContaining("failed") });
    await bench.write("good again");
    await bench.backup();
    expect(await backupCheck(bench)).toMatchObject({ outcome: "good" });
    await expectClean(bench);
  });

  test("is kept as long as it shall be, and the newest always", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished, { retention_days: 3 });
    const id = await bench.backup();
    const copyAs = async (days: number): Promise<string> => {
      const old = `${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
      await cp(join(bench.root, "backups", id), join(bench.root, "backups", old), { recursive: true });
      return old;
    };
    const [old, young] = [await copyAs(4), await copyAs(2)];
    // Without its manifest it is none, and does not count as the newest.
    await writeFile(join(bench.root, "backups", id, "manifest.json"), "{");
    await bench.write("");
    await bench.call({ command: "backup" });
    // Where backups fail for days, what is old may be all that is good.
    expect(await bench.kept()).toEqual(expect.arrayContaining([old, young]));
    await bench.write("rows");
    await bench.backup();
    expect(await bench.kept()).not.toContain(old);
    expect(await bench.kept()).toContain(young);
    const alone = await makeBackupBench(onTestFinished, { retention_days: 1 });
    const only = await alone.backup();
    await rename(join(alone.root, "backups", only), join(alone.root, "backups", "20200101T000000Z"));
    await alone.write("");
    await alone.call({ command: "backup" });
    expect(await alone.kept()).toEqual(["20200101T000000Z"]);
  });

  test("that was verified is kept, too", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished, { retention_days: 3 });
    const id = await bench.backup();
    await succeed(bench.call({ command: "verify" }));
    await rename(join(bench.root, "backups", id), join(bench.root, "backups", "20200101T000000Z"));
    await bench.backup();
    expect(await bench.kept()).toContain("20200101T000000Z");
  });

  test("of an application that declares none is refused", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished, {}, { backup: null });
    expect((await bench.call({ command: "backup" })).problem?.code).toBe("backup.nothing");
    expect(await backupCheck(bench)).toBeUndefined();
  });
});

test(
  "a dump of a service with several data directories stands for one, and the others have to be copied",
  { timeout },
  async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    const { release } = bench.request as { release: { backup: object } };
    const request = {
      ...bench.request,
      release: { ...release, digest: "b".repeat(64), backup: { ...release.backup, files: [] } },
    };
    const { problem } = await bench.call(request);
    expect(problem).toMatchObject({
      code: "backup.whichData",
      message: expect.stringMatching(/^db mounts db and uploads, .*release \S+ serves/s),
    });
    // A link would be all that is copied.
    await rename(join(bench.root, "data", "uploads"), join(bench.root, "elsewhere"));
    await symlink(join(bench.root, "elsewhere"), join(bench.root, "data", "uploads"));
    expect((await bench.call({ command: "backup" })).problem).toMatchObject({ code: "backup.link" });
  },
);

test("backups of another application are none of this one's", { timeout }, async ({ onTestFinished }) => {
  const bench = await makeBackupBench(onTestFinished);
  const id = await bench.backup();
  const others = await bench.backup();
  const path = join(bench.root, "backups", others, "manifest.json");
  const manifest = await readFile(path, "utf8");
  await writeFile(path, manifest.replace('"site"', '"shop"'));
  expect(await bench.status()).toMatchObject({ backup: { id } });
  const ids = async (request: object): Promise<unknown> =>
    ((await succeed(bench.call({ command: "backups", ...request }))) as { backups: object[] }).backups;
  expect(await ids({})).toMatchObject([{ id: others }, { id }]);
  expect(await ids({ own: true })).toMatchObject([{ id }]);
  for (const command of ["verify", "restore"])
    expect(await succeed(bench.call({ command }))).toMatchObject({ backup: { id } });
  await rename(join(bench.root, "backups", id), join(bench.root, "elsewhere"));
  expect(await backupCheck(bench)).toMatchObject({ outcome: "warning", message: "there is none yet" });
  for (const command of ["verify", "restore"])
    expect((await bench.call({ command })).problem).toMatchObject({
      code: "backup.none",
      message: expect.stringContaining("no backup of site"),
    });
  // Nor is how the last attempt went.
  const { release } = bench.request as { release: object };
  await bench.write("");
  await bench.call({ command: "backup" });
  expect(await backupCheck(bench)).toMatchObject({ outcome: "bad" });
  await succeed(bench.call({ command: "deploy", release: { ...release, application: "shop" }, force: true }));
  expect(await backupCheck(bench)).toMatchObject({ outcome: "good" });
});

test(
  "a copied directory below the one that the dump stands for is in the backup, and comes back",
  { timeout },
  async ({ onTestFinished }) => {
    const own = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
    const data = ["db", "db/git", "uploads"].map((path) => ({ path, owner: own, mode: "0750" }));
    const bench = await makeBackupBench(onTestFinished, { files: ["uploads", "db/git"] }, { data });
    const repository = join(bench.root, "data", "db", "git", "repository");
    await writeFile(repository, "of now");
    const id = await bench.backup();
    await writeFile(repository, "later");
    expect(await succeed(bench.call({ command: "restore", backup: id }))).toMatchObject({ paths: ["db", "uploads"] });
    expect(await readFile(repository, "utf8")).toBe("of now");
    expect((await stat(join(bench.root, "data", "db"))).mode & 0o777).toBe(0o750);
    expect(await bench.rows()).toBe(rowsOfNow);
    await expectClean(bench);
  },
);

test(
  "a path that nothing would be copied of is no part of a backup: there is none",
  { timeout },
  async ({ onTestFinished }) => {
    const own = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
    const data = ["all", "all/db", "all/db/git", "uploads"].map((path) => ({ path, owner: own, mode: "0750" }));
    const bench = await makeBackupBench(onTestFinished);
    await rename(join(bench.root, "data", "uploads"), join(bench.root, "elsewhere"));
    const lacks = async (path: string): Promise<void> => {
      expect((await bench.call({ command: "backup" })).problem).toMatchObject({
        code: "backup.files",
        message: expect.stringContaining(`nothing of ${path} in`),
      });
      expect(await bench.kept()).toEqual([]);
    };
    await lacks("uploads");
    await rename(join(bench.root, "elsewhere"), join(bench.root, "data", "uploads"));
    // What is below an excluded directory is excluded, too, also where it is named.
    const facts = join(bench.root, "current", "release.json");
    const release = JSON.parse(await readFile(facts, "utf8")) as { backup: object };
    const backup = { ...release.backup, files: ["all", "all/db/git", "uploads"] };
    await writeFile(facts, JSON.stringify({ ...release, data, backup }));
    const compose = join(bench.root, "current", "compose.yaml");
    await writeFile(compose, (await readFile(compose, "utf8")).replaceAll('/db"', '/all/db"'));
    await cp(join(bench.root, "data", "db"), join(bench.root, "data", "all", "db"), { recursive: true });
    await mkdir(join(bench.root, "data", "all", "db", "git"));
    await lacks("all/db/git");
  },
);
