import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "vitest";
import { deploy, succeed } from "../support/agentBench.ts";
import { expectClean, makeBackupBench, rowsOfNow, type BackupBench } from "../support/backupBench.ts";

/** The server's disk becomes full in the middle of a change: that is said, what serves and the data stay, and nothing is left. */

const timeout = 180_000;
const mayMount = process.getuid?.() === 0;
if (!mayMount) process.stderr.write("SKIPPED: agentDisk: only root can make a small disk\n");

describe.skipIf(!mayMount)("a disk that becomes full", { concurrent: true, timeout }, () => {
  const changes: [what: string, moment: string, request: object][] = [
    ["backup", "dump before", { command: "backup" }],
    ["backup", "dump after", { command: "backup" }],
    ["verify", "load before", { command: "verify" }],
    ["restore", "load before", { command: "restore" }],
    ["restore", "stop after", { command: "restore" }],
    ["deploy", "config before", deploy("2")],
    ["deploy", "up before", deploy("2")],
  ];
  test.for(changes)("during a %s, at %s", async ([what, moment, request], { onTestFinished, expect }) => {
    const bench = await makeBackupBench(onTestFinished, {}, {}, { diskMiB: 4 });
    await bench.backup();
    const [release, kept] = [await bench.current(), await bench.kept()];
    await bench.plan(`${moment} fill`);
    const { answer, problem, text } = await bench.call(request);
    // What wrote all that it has to write before may well succeed.
    if (answer === undefined) {
      // In its own words, or in those of whoever could not write.
      expect(JSON.stringify(problem)).toMatch(/full|space/i);
      expect(problem?.code).not.toBe("agent.bug");
      expect(await bench.current()).toBe(release);
      expect(await bench.kept()).toEqual(kept);
    }
    expect(await dataOf(bench), text).toEqual([rowsOfNow, { "deep/picture": "of now" }]);
    expect(await bench.serving(), text).toMatchObject({ State: "running" });
    await rm(join(bench.root, "filler"));
    await succeed(bench.call({ command: "verify" }));
    await expectClean(bench);
    if (what === "deploy") await succeed(bench.call(request));
  });
});

async function dataOf(bench: BackupBench): Promise<unknown[]> {
  return [await bench.rows(), await bench.uploads()];
}
