import { join } from "node:path";
import { expect, test } from "vitest";
import type { ApplicationBench } from "./applicationBench.ts";
import { certificateOf } from "./certificateOf.ts";
import type { Finished } from "./startLandfall.ts";

interface Served {
  bench: ApplicationBench;
  address: string;
  domain: string;
  /** A statement for the application's database, in which the table `proof` says `kept`. */
  sql: (statement: string) => Promise<Finished>;
}

/** Backups of the tests' tracker on a real machine: by the timer, by hand, on trial, restored. */
export function describeBackups(served: () => Served): void {
  test("are backed up by the timer itself, and by hand, with a copy here", async () => {
    const { bench } = served();
    // Its own next time is tonight: it elapses now, and everything else is as the deploy made it.
    await bench.onServer(
      [
        "set -e; soon=/run/systemd/system/landfall-backup.timer.d; sudo mkdir -p $soon",
        "printf '[Timer]\\nOnActiveSec=1\\nRandomizedDelaySec=0\\n' | sudo tee $soon/soon.conf",
        "sudo systemctl daemon-reload; sudo systemctl restart landfall-backup.timer; sudo rm -r $soon; sudo systemctl daemon-reload",
      ].join("; "),
    );
    const backups = async (): Promise<{ by: string; id: string }[]> =>
      ((await bench.run("app backups")).result["backups"] ?? []) as { by: string; id: string }[];
    await expect
      .poll(async () => (await backups()).map(({ by }) => by), { timeout: 180_000, interval: 3000 })
      .toEqual([expect.stringMatching(/^timer@/)]);
    const made = await bench.run("app backup", "--copy", join(bench.tree.root, "copies"));
    expect(made.result, made.stdout.slice(-3000)).toMatchObject({ ok: true, backup: { encrypted: false } });
    expect(await backups()).toHaveLength(2);
    const health = await bench.run("app health");
    expect(health.result["checks"]).toContainEqual(
      expect.objectContaining({ name: "backup", outcome: "good", message: "the newest is 0 h old" }),
    );
    const { result } = await bench.run("app status");
    expect(result).toMatchObject({ timer: { active: true, schedule: "daily" }, last_backup: { problem: null } });
  });

  test("have a backup that can be restored, as a trial beside them shows", async () => {
    const { bench } = served();
    const before = await bench.onServer("sudo docker ps --quiet --no-trunc | sort");
    const verified = await bench.run("app backup verify");
    expect(verified.result, verified.stdout.slice(-3000)).toMatchObject({ ok: true });
    expect(await bench.onServer("sudo docker ps --all --quiet --no-trunc | sort")).toBe(before);
    expect(await bench.onServer("sudo ls /var/lib/torrust")).not.toContain("restore");
  });

  test("have their data again after it was destroyed", async () => {
    const { bench, address, domain, sql } = served();
    await bench.onServer("sudo docker stop tracker-database-1 && sudo rm -rf /var/lib/torrust/data/database");
    expect((await bench.run("app health")).status).toBe(1);
    const refused = await bench.run("app restore");
    expect([refused.status, refused.result["error"]]).toMatchObject([5, { code: "confirmation.needed" }]);
    const restored = await bench.run("app restore", "--yes");
    expect(restored.result, restored.stdout.slice(-4000)).toMatchObject({ ok: true, paths: ["database", "proxy"] });
    expect((await sql("SELECT word FROM proof")).result["stdout"]).toBe("kept\n");
    expect((await certificateOf(address, domain)).subjectAltName).toBe(`DNS:${domain}`);
    expect((await bench.run("app health")).status).toBe(0);
  });

  test("have the data of a copy, and not what came later", async () => {
    const { bench, address, sql } = served();
    await sql("INSERT INTO proof VALUES ('later')");
    const restored = await bench.run("app restore", "--yes", "--from", join(bench.tree.root, "copies"));
    expect(restored.result, restored.stdout.slice(-4000)).toMatchObject({ ok: true });
    expect((await sql("SELECT word FROM proof")).result["stdout"]).toBe("kept\n");
    expect(await bench.page(address)).toBe("first");
  });
}
