import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { everyCloud } from "../support/cloudsOf.ts";
import { makeRecoveryBench, type RecoveryBench, type Thing } from "../support/recoveryBench.ts";

const disk = ["--set", "DATA_DISK_SIZE=10"];

describe.each(everyCloud)("a disk that %s made for a run that was killed", (provider) => {
  let bench: RecoveryBench;
  let before: Thing[];
  beforeEach(async () => {
    bench = await makeRecoveryBench(provider);
    await bench.good("apply");
    before = await bench.things();
    const more = async (): Promise<boolean> => (await bench.things()).length > before.length;
    expect(await bench.cut(["apply", ...disk], more)).toBe(false);
  });
  afterEach(() => bench.remove());

  test("is taken over by the same command", async () => {
    const made = await bench.things();
    await bench.good("apply", ...disk);
    expect((await bench.things()).map(({ id }) => id)).toEqual(expect.arrayContaining(made.map(({ id }) => id)));
    expect(await bench.good("plan", ...disk)).toMatchObject({ changes: false });
    await bench.good("destroy", ...disk);
    expect(await bench.things()).toEqual([]);
  });

  test("is removed where nobody asks for it any more, or named", async () => {
    const stopped = await bench.run(["apply", "--yes"]);
    expect(stopped.result, stopped.stdout.slice(-3000)).toMatchObject({
      error: { code: "recovery.undecided", exit: 7 },
    });
    const code = join(bench.tree.root, "infrastructure/terraform/providers", provider, "provider.ts");
    const recovered = await bench.run(["recover", "--yes"]);
    if ((await readFile(code, "utf8")).includes("removeOrphan")) {
      expect(recovered.result, recovered.stdout.slice(-3000)).toMatchObject({ ok: true, changes: false });
      expect(await bench.things()).toEqual(before);
    } else {
      expect(recovered.result).toMatchObject({
        error: { exit: 7, problems: [{ hint: expect.stringContaining("by hand") }] },
      });
    }
  });
});
