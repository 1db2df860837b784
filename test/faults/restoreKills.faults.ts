import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "vitest";
import { succeed } from "../support/agentBench.ts";
import { expectClean, makeBackupBench, rowsOfNow } from "../support/backupBench.ts";

/** Whatever dies during a restore, and wherever it is: the data are the old ones or the restored ones, and all of them. */

const timeout = 240_000;
/** Each of them takes long to see: KILL_EVERY=1 tries every change, the usual 3 every third. */
const every = Number(process.env["KILL_EVERY"] ?? 3);
const casesOf = (most: number): (readonly [number: number, who: "worker" | "all"])[] =>
  Array.from({ length: most }, (_, index) => index + 1)
    .filter((number) => number % every === 0)
    .flatMap((number) => (["worker", "all"] as const).map((who) => [number, who] as const));

describe("a restore that dies before a change of the disk", { concurrent: true, timeout }, () => {
  test.for(casesOf(48))("number %i: %s", async ([number, who], { onTestFinished, expect, skip }) => {
    const bench = await makeBackupBench(onTestFinished);
    const id = await bench.backup();
    await bench.write("later");
    const { problem } = await bench.call({ command: "restore", backup: id }, { killed: [number, who] });
    const at = await readFile(join(bench.docker, "killed"), "utf8").catch(() => undefined);
    if (at === undefined) return skip("a restore makes fewer changes");
    if (who === "worker") {
      expect(problem?.code, at).toBe("restore.cut");
      await expect.poll(() => existsSync(join(bench.root, "deploy.json")), { timeout: 60_000 }).toBe(false);
    } else {
      // Whoever changes something next puts it right first.
      await bench.call({ command: "verify" });
    }
    const committed = (await bench.rows()) === rowsOfNow;
    expect(await bench.rows(), at).toBe(committed ? rowsOfNow : "later");
    if (committed) expect(at).toMatch(/rmdir|unlink/);
    expect(await bench.uploads(), at).toEqual({ "deep/picture": "of now" });
    expect(await bench.serving(), at).toMatchObject({ State: "running" });
    await expectClean(bench);
    await succeed(bench.call({ command: "restore", backup: id }));
    expect(await bench.rows()).toBe(rowsOfNow);
    await expectClean(bench);
  });
});

describe("a backup that dies before a change of the disk", { concurrent: true, timeout }, () => {
  test.for(casesOf(9))("number %i: %s", async ([number, who], { onTestFinished, expect, skip }) => {
    const bench = await makeBackupBench(onTestFinished);
    await bench.call({ command: "backup" }, { killed: [number, who] });
    if (!existsSync(join(bench.docker, "killed"))) return skip("a backup makes fewer changes");
    if (who === "worker") await expect.poll(() => existsSync(join(bench.root, "deploy.json"))).toBe(false);
    const left = await bench.kept();
    await bench.backup();
    // What was there was whole.
    expect(await bench.kept()).toHaveLength(left.length + 1);
    await succeed(bench.call({ command: "verify", ...(left[0] === undefined ? {} : { backup: left[0] }) }));
    await expectClean(bench);
  });
});
