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

test.each(everyCloud)(
  "what is found again at %s knows again what it hangs on, for the order of a destroy",
  async (provider) => {
    const bench = await makeRecoveryBench(provider);
    try {
      const all = [...disk, "--set", "RESERVE_ADDRESS=true"];
      await bench.good("apply", ...all);
      const before = await dependencies(bench);
      await bench.loseDirectory();
      await bench.good("recover", ...all);
      const after = await dependencies(bench);
      // What cannot be imported is made again by the next apply.
      expect(before).toMatchObject(after);
      expect(Object.keys(after).length).toBeGreaterThan(3);
      await bench.good("destroy", ...all);
      expect(await bench.things()).toEqual([]);
    } finally {
      await bench.remove();
    }
  },
);

/** Of everything that the plugin made, by address. */
async function dependencies(bench: RecoveryBench): Promise<Record<string, string[]>> {
  interface Resource {
    mode: string;
    type: string;
    name: string;
    instances: { dependencies?: string[] }[];
  }
  const { resources } = JSON.parse(await readFile(bench.path("terraform.tfstate"), "utf8")) as {
    resources: Resource[];
  };
  const made = resources.filter(({ mode, type }) => mode === "managed" && type !== "terraform_data");
  return Object.fromEntries(
    made.map(({ type, name, instances }) => [
      `${type}.${name}`,
      instances.flatMap(({ dependencies: all = [] }) => all.toSorted()),
    ]),
  );
}
