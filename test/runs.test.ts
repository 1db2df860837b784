import { readdir, readFile, writeFile } from "node:fs/promises";
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
