import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyCloud } from "../support/cloudsOf.ts";
import { makeRecoveryBench, type RecoveryBench } from "../support/recoveryBench.ts";

const small = ["--set", "RESERVE_ADDRESS=true"];
const disk = [...small, "--set", "DATA_DISK_SIZE=10"];

// Each goes on with what the one before has left.
describe.each(everyCloud)("at %s", (provider) => {
  let bench: RecoveryBench;
  beforeAll(async () => {
    bench = await makeRecoveryBench(provider);
    await bench.good("apply", ...small);
  });
  afterAll(() => bench.remove());

  /** Kills an apply as soon as the disk is there. */
  async function makeDisk(): Promise<void> {
    const before = await bench.things();
    const more = async (): Promise<boolean> => (await bench.things()).length > before.length;
    expect(await bench.cut(["apply", ...disk], more)).toBe(false);
  }

  test("a disk of a run that was killed is removed where nobody asks for it any more, or named", async () => {
    const before = await bench.things();
    await makeDisk();
    const stopped = await bench.run(["apply", "--yes", ...small]);
    expect(stopped.result, stopped.stdout.slice(-3000)).toMatchObject({
      error: { code: "recovery.undecided", exit: 7 },
    });
    const recovered = await bench.run(["recover", "--yes", ...small]);
    if (await canRemove(bench, provider)) {
      expect(recovered.result, recovered.stdout.slice(-3000)).toMatchObject({ ok: true, changes: false });
      expect(await bench.things()).toEqual(before);
    } else {
      expect(recovered.result).toMatchObject({
        error: { exit: 7, problems: [{ hint: expect.stringContaining("by hand") }] },
      });
    }
  });

  test("it is taken over by the same command", async () => {
    if (await canRemove(bench, provider)) await makeDisk();
    const made = await bench.things();
    await bench.good("apply", ...disk);
    expect((await bench.things()).map(({ id }) => id)).toEqual(expect.arrayContaining(made.map(({ id }) => id)));
    expect(await bench.good("plan", ...disk)).toMatchObject({ changes: false });
  });

  test("what is found again knows again what it hangs on, for the order of a destroy", async () => {
    const before = await dependencies(bench);
    await bench.loseDirectory();
    await bench.good("recover", ...disk);
    const after = await dependencies(bench);
    // What cannot be imported is made again by the next apply.
    expect(before).toMatchObject(after);
    expect(Object.keys(after).length).toBeGreaterThan(3);
    await bench.good("destroy", ...disk);
    expect(await bench.things()).toEqual([]);
  });
});

/** Whether the provider removes what nobody asks for any more. */
async function canRemove({ tree }: RecoveryBench, provider: string): Promise<boolean> {
  const code = join(tree.root, "infrastructure/terraform/providers", provider, "provider.ts");
  return (await readFile(code, "utf8")).includes("removeOrphan");
}

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
