import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { secret, succeed } from "./support/agentBench.ts";
import { expectClean, makeBackupBench, rowsOfNow } from "./support/backupBench.ts";

const timeout = 600_000;

describe("a restore", { concurrent: true, timeout }, () => {
  test("brings database and files back, and lets nothing of what came later stay", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    const id = await bench.backup();
    await bench.write("later");
    await writeFile(join(bench.root, "data", "uploads", "later"), "later");
    await writeFile(join(bench.root, "data", "cache", "kept"), "kept");
    const answer = await succeed(bench.call({ command: "restore", backup: id }));
    expect(answer).toMatchObject({ backup: { id }, paths: ["db", "uploads"] });
    expect(await bench.rows()).toBe(rowsOfNow);
    expect(await bench.uploads()).toEqual({ "deep/picture": "of now" });
    expect(await readFile(join(bench.root, "data", "cache", "kept"), "utf8")).toBe("kept");
    expect(await bench.serving()).toMatchObject({ State: "running" });
    await expectClean(bench);
  });

  test("loads the dump beside what serves, cut off from everything, and stops nothing before that went well", async ({
    onTestFinished,
  }) => {
    const bench = await makeBackupBench(onTestFinished);
    await bench.backup();
    await bench.plan("load before hold");
    const run = bench.start({ command: "restore" });
    await expect.poll(() => existsSync(join(bench.docker, "held")), { timeout: 60_000 }).toBe(true);
    const trial = JSON.parse(await readFile(join(bench.root, "restore", "compose.json"), "utf8")) as {
      services: Record<string, Record<string, unknown>>;
    };
    expect(Object.keys(trial)).toEqual(["name", "services"]);
    expect(Object.keys(trial.services)).toEqual(["db"]);
    const { db } = trial.services;
    expect(db).toMatchObject({ network_mode: "none", restart: "no", environment: { PASSWORD: secret } });
    for (const name of ["ports", "networks", "container_name"]) expect(db).not.toHaveProperty(name);
    expect(db?.["volumes"]).toEqual([
      { type: "bind", source: join(bench.root, "restore", "new", "db"), target: "/db" },
      { type: "bind", source: join(bench.root, "restore", "new", "uploads"), target: "/uploads" },
      { type: "volume", target: "/cache" },
    ]);
    expect(await bench.serving()).toMatchObject({ State: "running" });
    expect((await bench.calls()).filter((call) => / stop\b/.test(call))).toEqual([]);
    await writeFile(join(bench.docker, "go"), "");
    await succeed(run.ended);
    expect((await bench.calls()).join("\n")).not.toContain(secret);
  });

  test("of a damaged backup touches nothing", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    const id = await bench.backup();
    const path = join(bench.root, "backups", id, "database.sql.gz");
    const content = await readFile(path);
    content.writeUInt8(content.readUInt8(content.length - 9) ^ 1, content.length - 9);
    await writeFile(path, content);
    await bench.write("later");
    const { problem } = await bench.call({ command: "restore", backup: id });
    expect(problem).toMatchObject({
      code: "restore.damaged",
      problems: ["database.sql.gz has another content than was written"],
    });
    expect(await bench.rows()).toBe("later");
    expect((await bench.calls()).filter((call) => / stop\b/.test(call))).toEqual([]);
    await expectClean(bench);
  });

  test("whose dump the database refuses touches nothing, and tells no secret", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    await bench.write("syntax error");
    const id = await bench.backup();
    await bench.write("later");
    const { problem, text } = await bench.call({ command: "restore", backup: id });
    expect(problem).toMatchObject({
      code: "restore.database",
      message: expect.stringMatching(/does not take the dump.*; nothing was changed$/),
      problems: ["ERROR 1064 at line 1; the password is ***"],
    });
    expect(text).not.toContain(secret);
    expect(await bench.rows()).toBe("later");
    await expectClean(bench);
  });

  test("whose database stays empty touches nothing, unless that is wanted", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    await bench.write("a few rows\n".repeat(100));
    const id = await bench.backup();
    await bench.write("later");
    await bench.plan("load after lose");
    expect((await bench.call({ command: "restore", backup: id })).problem).toMatchObject({
      code: "restore.differs",
      message: expect.stringMatching(/dumps to 0 bytes, and the backup's dump has 1100; nothing was changed$/),
    });
    expect(await bench.rows()).toBe("later");
    expect((await bench.calls()).filter((call) => /site .* stop\b/.test(call))).toEqual([]);
    await expectClean(bench);
    await bench.plan("load after lose");
    await succeed(bench.call({ command: "restore", backup: id, skip_health: true }));
    expect(await bench.rows()).toBe("");
  });

  test("that leaves the application unhealthy puts the old data back", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    await bench.write("x".repeat(2000));
    const id = await bench.backup();
    await bench.write("later");
    await bench.plan("stop after sicken");
    const { problem } = await bench.call({ command: "restore", backup: id });
    expect(problem).toMatchObject({
      code: "restore.failed",
      message: expect.stringMatching(
        /not healthy with the restored data.*; the data of before are back, and release \S+ serves again$/,
      ),
      checks: expect.arrayContaining([
        { name: "service db", outcome: "bad", message: "runs, but is unhealthy", from: "server" },
      ]),
    });
    expect(await bench.rows()).toBe("later");
    expect(await bench.serving()).toMatchObject({ State: "running" });
    await expectClean(bench);
  });

  test.for<[string, object, string]>([
    ["an unknown backup", { backup: "20200101T000000Z" }, "backup.unknown"],
    ["no id", { backup: "../../etc" }, "backup.unknown"],
  ])("of %s is refused", async ([, request, code], { onTestFinished, expect: see }) => {
    const bench = await makeBackupBench(onTestFinished);
    see((await bench.call({ command: "restore", ...request })).problem?.code).toBe(code);
    see((await bench.call({ command: "restore" })).problem?.code).toBe("backup.none");
    await expectClean(bench);
  });

  test("of another application's backup is refused", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    const id = await bench.backup();
    const path = join(bench.root, "backups", id, "manifest.json");
    await writeFile(path, (await readFile(path, "utf8")).replace('"site"', '"shop"'));
    expect((await bench.call({ command: "restore", backup: id })).problem?.code).toBe("restore.other");
    await expectClean(bench);
  });
});

test(
  "data on a disk of their own cannot change places, and that is said before anything is touched",
  { timeout },
  async ({ onTestFinished, skip }) => {
    const bench = await makeBackupBench(onTestFinished);
    await bench.backup();
    const uploads = join(bench.root, "data", "uploads");
    if (spawnSync("mount", ["-t", "tmpfs", "landfall-test", uploads]).status !== 0)
      return skip("no root to mount a disk");
    onTestFinished(() => void execFileSync("umount", ["--lazy", uploads]));
    for (const command of ["verify", "restore"]) {
      expect((await bench.call({ command })).problem).toMatchObject({
        code: "restore.mounted",
        message: expect.stringContaining("nothing was changed"),
      });
    }
    expect(await bench.rows()).toBe(rowsOfNow);
  },
);

describe("a verification", { concurrent: true, timeout }, () => {
  test("loads the newest backup beside the application, compares, and removes all of it", async ({
    onTestFinished,
  }) => {
    const bench = await makeBackupBench(onTestFinished);
    await bench.backup();
    const id = await bench.backup();
    await bench.write("later");
    const ups = (await bench.calls()).filter((call) => call.includes("--project-name site") && call.includes(" up "));
    const answer = await succeed(bench.call({ command: "verify" }));
    expect(answer).toMatchObject({ backup: { id }, dump: { content: rowsOfNow.length, again: rowsOfNow.length } });
    expect(await bench.rows()).toBe("later");
    expect(
      (await bench.calls()).filter((call) => call.includes("--project-name site") && call.includes(" up ")),
    ).toEqual(ups);
    const { backups } = (await succeed(bench.call({ command: "backups" }))) as { backups: Record<string, unknown>[] };
    expect(backups.map(({ id: one, verified }) => [one === id, typeof verified])).toEqual([
      [true, "string"],
      [false, "object"],
    ]);
    await expectClean(bench);
  });

  test("says where the restored database holds something else", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    await bench.backup();
    await bench.plan("load after lose");
    expect((await bench.call({ command: "verify" })).problem).toMatchObject({ code: "verify.differs" });
    expect(await bench.rows()).toBe(rowsOfNow);
    await expectClean(bench);
  });

  test("removes all of it where the database does not start", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    await bench.write("syntax error");
    await bench.backup();
    expect((await bench.call({ command: "verify" })).problem?.code).toBe("restore.database");
    await expectClean(bench);
  });
});
