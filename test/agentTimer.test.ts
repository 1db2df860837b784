import { readdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { succeed } from "./support/agentBench.ts";
import { backupCheck, expectClean, makeBackupBench } from "./support/backupBench.ts";

const timeout = 600_000;

describe("the timer", { concurrent: true, timeout }, () => {
  test("comes with the deploy, follows it, and goes with it", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    const timed = async (): Promise<string[]> => (await readdir(bench.units)).filter((name) => name.includes("backup"));
    expect((await timed()).sort()).toEqual(["landfall-backup.service", "landfall-backup.timer"]);
    const timer = await readFile(join(bench.units, "landfall-backup.timer"), "utf8");
    expect(timer).toContain("OnCalendar=daily\nRandomizedDelaySec=1800\nPersistent=true");
    expect((await bench.status())["timer"]).toMatchObject({ schedule: "daily", active: true });
    const { release } = bench.request as { release: { backup: object } };
    const off = { ...release, digest: "0".repeat(64), backup: { ...release.backup, enabled: false } };
    await succeed(bench.call({ command: "deploy", release: off }));
    expect(await timed()).toEqual([]);
    expect((await bench.status())["timer"]).toMatchObject({ schedule: null, active: false });
    await succeed(bench.call({ command: "rollback" }));
    expect(await timed()).toHaveLength(2);
  });

  test("calls what makes a backup, and shows where it failed", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    const unit = await readFile(join(bench.units, "landfall-backup.service"), "utf8");
    expect(unit).toContain(`ExecStart=/usr/bin/python3 -I ${bench.root}/agent/current backup`);
    expect(await bench.direct("backup")).toMatchObject({ status: 0 });
    expect(await bench.kept()).toHaveLength(1);
    expect((await bench.status())["last_backup"]).toMatchObject({
      problem: null,
      by: expect.stringMatching(/^timer@/),
    });
    await bench.write("");
    expect(await bench.direct("backup")).toMatchObject({ status: 1 });
    expect(await backupCheck(bench)).toMatchObject({ outcome: "bad" });
    expect(await bench.kept()).toHaveLength(1);
    await expectClean(bench);
  });

  test("that does not run, or has made none for long, is bad", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    expect(await backupCheck(bench)).toMatchObject({ outcome: "warning", message: "there is none yet" });
    const long = Date.now() / 1000 - 3 * 86_400;
    await utimes(join(bench.units, "landfall-backup.timer"), long, long);
    expect(await backupCheck(bench)).toMatchObject({
      outcome: "bad",
      message: expect.stringContaining("should be one daily"),
    });
    const id = await bench.backup();
    expect(await backupCheck(bench)).toMatchObject({ outcome: "good" });
    const old = `${new Date(long * 1000).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
    await rename(join(bench.root, "backups", id), join(bench.root, "backups", old));
    expect(await backupCheck(bench)).toMatchObject({ outcome: "bad", message: expect.stringContaining("72 h old") });
    expect((await bench.status())["backup_health"]).toMatchObject({
      outcome: "bad",
      message: expect.stringContaining("should be one daily"),
    });
    await rm(join(bench.docker, "enabled"));
    expect(await backupCheck(bench)).toMatchObject({
      outcome: "bad",
      message: expect.stringContaining("does not run"),
    });
    // The same content serves: the timer is put right all the same.
    await bench.call(bench.request);
    expect((await bench.status())["timer"]).toMatchObject({ active: true });
  });

  test("of working days is patient over a weekend, whatever day it is", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    // As systemd answers on a Monday, for as many days as it is asked for.
    const answer = [
      "#!/usr/bin/env python3",
      "import datetime, sys",
      "count = int(sys.argv[2].partition('=')[2])",
      "days = [datetime.date(2026, 11, 30) + datetime.timedelta(days=one) for one in range(2 * count)]",
      "for day in [day for day in days if day.weekday() < 5][:count]:",
      "    print(f'Iter. #2: {day:%a %Y-%m-%d} 03:00:00 UTC')",
    ];
    await writeFile(join(bench.docker, "systemd-analyze"), answer.join("\n"), { mode: 0o755 });
    const place = join(bench.root, "backups");
    const id = await bench.backup();
    const old = `${new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
    await rename(join(place, id), join(place, old));
    expect(await backupCheck(bench)).toMatchObject({ outcome: "good" });
  });

  test.for(["every full moon", "daily\nExecStart=/bin/false", "*-*-* 99:00"])(
    "is never made of %j",
    async (schedule, { onTestFinished, expect: see }) => {
      const bench = await makeBackupBench(onTestFinished);
      const { release } = bench.request as { release: { backup: object } };
      const changed = { ...release, digest: "1".repeat(64), backup: { ...release.backup, schedule } };
      const before = await bench.current();
      see((await bench.call({ command: "deploy", release: changed })).problem?.code).toBe("deploy.schedule");
      see(await bench.current()).toBe(before);
      see(await readFile(join(bench.units, "landfall-backup.timer"), "utf8")).toContain("OnCalendar=daily\n");
    },
  );
});
