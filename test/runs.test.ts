import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

let tree: Tree;
beforeEach(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
  await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa"]);
});
afterEach(() => tree.remove());

const stack = (name: string): string => join(tree.root, "infrastructure/stacks/qa/acme", name);
const run = (argv: string[]): Promise<Outcome> => landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true" });
const good = async (...argv: string[]): Promise<void> => {
  const { result, stdout } = await run([...argv, "--yes"]);
  expect(result, stdout.slice(-3000)).toMatchObject({ ok: true });
};

describe("landfall runs", () => {
  test("lists them newest first, with what became of each", async () => {
    await good("apply", "qa/acme");
    await good("plan", "qa/acme");
    const [first = "", second = ""] = await readdir(stack("runs"));
    const record = join(stack("runs"), first, "run.json");
    const { outcome, finished, durationMs, ...cut } = JSON.parse(await readFile(record, "utf8")) as Record<
      string,
      unknown
    >;
    expect([outcome, typeof finished, typeof durationMs]).toEqual(["done", "string", "number"]);
    await writeFile(record, JSON.stringify(cut));
    expect((await run(["runs", "qa"])).result).toMatchObject({
      stack: "qa/acme",
      runs: [
        { id: second, operation: "plan", outcome: "done" },
        { id: first, operation: "apply", outcome: "cut off" },
      ],
    });
    await writeFile(record, JSON.stringify({ ...cut, host: "elsewhere" }));
    expect((await landfall(tree.root, ["runs", "qa/acme"])).stdout).toMatch(/apply .* not known/);
  });

  test("shows one, by its id alone or by its beginning", async () => {
    await good("apply", "qa/acme");
    const [id = ""] = await readdir(stack("runs"));
    const shown = await landfall(tree.root, ["runs", "show", id]);
    expect(shown.stdout).toContain(join(stack("runs"), id, "events.ndjson"));
    expect(shown.stdout).toMatch(/terraform_data\.machine: created in/);
    expect((await run(["runs", "show", "qa/acme", id.slice(0, 8)])).result).toMatchObject({
      stack: "qa/acme",
      run: { id, outcome: "done" },
      events: expect.arrayContaining([expect.objectContaining({ type: "run.finished", outcome: "done" })]),
    });
    const unknown = await run(["runs", "show", "qa/acme", "2001"]);
    expect(unknown.result).toMatchObject({ error: { code: "runs.unknown", exit: 3 } });
  });
});

describe("landfall status of a stack whose provider cannot say what exists", () => {
  const id = "20261123T093757123Z-4f2a9c";
  const leave = async (name: string, record: object): Promise<void> => {
    const place = join(tree.root, "infrastructure/stacks", name, "runs", id);
    await mkdir(place, { recursive: true });
    const started = "2026-11-23T09:37:57.123Z";
    const begun = { id, operation: "apply", pid: process.pid, host: hostname(), user: "me", started };
    await writeFile(join(place, "run.json"), JSON.stringify({ ...begun, ...record }));
  };

  test.each([
    ["cut off", {}, "unknown"],
    ["not known", { host: "elsewhere" }, "unknown"],
    ["refused", { outcome: "refused" }, "absent"],
  ])("the first run is %s", async (outcome, record, machine) => {
    await leave("qa/acme", record);
    const { result } = await run(["status", "qa/acme"]);
    expect(result).toMatchObject({ machine, firstBoot: "not known", lastRun: { operation: "apply", outcome } });
    const { stdout } = await landfall(tree.root, ["status", "qa/acme"]);
    expect(stdout).toContain(`apply: ${outcome} (2026`);
  });

  test("recovery is due: who does it stands below the table, and beside the details", async () => {
    await leave("qa/acme", {});
    await mkdir(stack("journal"));
    const entry = { run: id, operation: "apply", started: "2026-11-23T09:37:57.123Z", expected: [] };
    await writeFile(join(stack("journal"), `${id}.json`), JSON.stringify(entry));
    for (const argv of [["status"], ["status", "qa/acme"]])
      expect((await landfall(tree.root, argv)).stdout, argv.join(" ")).toMatch(/\nnext: landfall recover qa\/acme$/m);
  });
});
