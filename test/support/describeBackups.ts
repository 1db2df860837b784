import { join } from "node:path";
import { expect, test } from "vitest";
import type { ApplicationBench } from "./applicationBench.ts";

/** Backups of the tests' tracker on a real machine: by the timer, by hand. */
export function describeBackups(served: () => { bench: ApplicationBench }): void {
  test("are backed up by the timer itself, and by hand, with a copy here", async () => {
    const { bench } = served();
    // Its own next time is tonight: it elapses now, and everything else is as the deploy made it.
    await bench.onServer(
      [
        "set -e; soon=/run/systemd/system/landfall-backup.timer.d; sudo mkdir -p $soon",
        "printf '[Timer]\\nOnActiveSec=1\\nRandomizedDelaySec=0\\nAccuracySec=1s\\n' | sudo tee $soon/soon.conf",
        "sudo systemctl daemon-reload; sudo systemctl restart landfall-backup.timer; sleep 5; sudo rm -r $soon; sudo systemctl daemon-reload",
      ].join("; "),
    );
    const backups = async (): Promise<{ by: string; id: string }[]> =>
      ((await bench.run("app backups")).result["backups"] ?? []) as { by: string; id: string }[];
    await expect
      .poll(async () => (await backups()).map(({ by }) => by), { timeout: 180_000, interval: 3000 })
      .toEqual([expect.stringMatching(/^timer@/)]);
    const made = await bench.run("app backup", "--copy", join(bench.tree.root, "copies"));
    expect(made.result, made.stdout.slice(-3000)).toMatchObject({
      ok: true,
      backup: { application: "tracker", encrypted: false },
    });
    expect(await backups()).toHaveLength(2);
    const health = await bench.run("app health");
    expect(health.result["checks"]).toContainEqual(
      expect.objectContaining({ name: "backup", outcome: "good", message: "the newest is 0 h old" }),
    );
    const { result } = await bench.run("app status");
    expect(result).toMatchObject({ timer: { active: true, schedule: "daily" }, last_backup: { problem: null } });
  });
}
