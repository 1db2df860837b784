import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { landfall, userState, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

let tree: Tree;
let folder: string;
beforeEach(async () => {
  tree = await makeTree();
  folder = await tree.addProvider("acme");
  await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa"]);
});
afterEach(() => tree.remove());

const stack = (name: string): string => join(tree.root, "infrastructure/stacks/qa/acme", name);
const state = stack.bind(undefined, "terraform.tfstate");
const run = (argv: string[], environment = {}, terminal = {}): Promise<Outcome> =>
  landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true", ...environment }, terminal);
const good = async (...argv: string[]): Promise<Outcome["result"]> => {
  const { result, stdout } = await run([...argv, "--yes"]);
  expect(result, stdout.slice(-3000)).toMatchObject({ ok: true });
  return result;
};
const failure = async (...argv: string[]): Promise<unknown> => (await run([...argv, "--yes"])).result["error"];
/** Where the second copy is. */
async function outside(...name: string[]): Promise<string> {
  const base = join(userState(tree.root), "landfall");
  const [clone = "", ...others] = await readdir(base);
  expect(others).toEqual([]);
  return join(base, clone, "qa", "acme", ...name);
}
/** As a run leaves it that is killed while its engine makes something. */
async function openEntry(): Promise<string> {
  const [name = ""] = (await readdir(stack("journal"))).slice(-1);
  for (const directory of [stack("journal"), await outside("journal")]) {
    const entry = JSON.parse(await readFile(join(directory, name), "utf8")) as Record<string, unknown>;
    const { closed, ending, ...open } = entry;
    expect([typeof closed, ending]).toEqual(["string", "finished"]);
    const expected = [{ address: "module.provider.terraform_data.extra", action: "create" }];
    await writeFile(join(directory, name), JSON.stringify({ ...open, expected }));
  }
  return name.replace(".json", "");
}
/** As the newest run leaves its entry that finds no state, and is killed. */
async function beganWithoutState(): Promise<void> {
  const name = (await readdir(stack("journal"))).at(-1) ?? "";
  for (const directory of [stack("journal"), await outside("journal")]) {
    const entry = JSON.parse(await readFile(join(directory, name), "utf8")) as Record<string, unknown>;
    const { run: id, operation, started, expected } = entry;
    expect(entry).not.toHaveProperty("state");
    await writeFile(join(directory, name), JSON.stringify({ run: id, operation, started, expected }));
  }
}
/** As somebody who wants to forget it: its directory, and the copy outside. */
async function beginAnew(): Promise<void> {
  await rm(stack(""), { recursive: true });
  expect(await failure("apply", "qa/acme")).toMatchObject({
    code: "state.gone",
    hint: `landfall recover qa/acme puts back the newest good copy; where the machine is gone too, remove ${await outside()}`,
  });
  await rm(await outside("journal"), { recursive: true });
  await good("apply", "qa/acme");
}

describe("the journal of a stack", () => {
  test("is written before the engine applies, closed after it, and kept twice", async () => {
    await good("apply", "qa/acme");
    await good("apply", "qa/acme", "--set", "VM_MEMORY=3000");
    for (const place of [stack(""), await outside()]) {
      const names = await readdir(join(place, "journal"));
      expect(names).toHaveLength(2);
      const last = await readFile(join(place, "journal", names[1] ?? ""), "utf8");
      const entry = JSON.parse(last) as { snapshot: string; state: object };
      expect(entry).toMatchObject({
        operation: "apply",
        ending: "finished",
        expected: expect.arrayContaining([{ address: "module.provider.terraform_data.machine", action: "update" }]),
        state: { lineage: expect.any(String), serial: expect.any(Number) },
      });
      const snapshot = join(place, "snapshots", entry.snapshot);
      expect(JSON.parse(await readFile(snapshot, "utf8"))).toMatchObject(entry.state);
      expect([(await stat(snapshot)).mode & 0o777, (await stat(place)).mode & 0o777]).toEqual([0o600, 0o700]);
    }
  });

  test("stays open where the engine failed; looking goes on, writing stops, recover ends it", async () => {
    await good("apply", "qa/acme");
    const id = await openEntry();
    for (const argv of [
      ["refresh", "qa/acme"],
      ["state", "move", "qa/acme"],
    ])
      expect(await failure(...argv)).toMatchObject({ code: "recovery.due", exit: 7 });
    for (const argv of [
      ["plan", "qa/acme"],
      ["output", "qa/acme"],
      ["runs", "qa/acme"],
      ["runs", "show", id],
      ["state", "snapshots", "qa/acme"],
    ]) {
      const looked = await run(argv);
      expect([looked.status, looked.stdout]).toEqual([0, expect.stringContaining("landfall recover qa/acme")]);
    }
    const status = await landfall(tree.root, ["status", "qa/acme"]);
    expect(status.stdout).toMatch(/recovery +due: the apply of[^]*next: landfall recover qa\/acme/);
    expect(await good("recover", "qa/acme")).toMatchObject({ due: [{ run: id }], changes: false });
    await good("refresh", "qa/acme");
  });

  test("is found outside where the clone was cleaned", async () => {
    await good("apply", "qa/acme");
    await openEntry();
    await rm(stack(""), { recursive: true });
    expect(await failure("refresh", "qa/acme")).toMatchObject({ code: "recovery.due" });
  });

  test("is left open by an engine that is told to fail", async () => {
    await good("apply", "qa/acme");
    const main = join(folder, "main.tf");
    await writeFile(
      main,
      `${await readFile(main, "utf8")}\nresource "terraform_data" "broken" {\n  input = "x"\n  lifecycle {\n    postcondition {\n      condition     = self.id == ""\n      error_message = "no"\n    }\n  }\n}\n`,
    );
    expect(await failure("apply", "qa/acme")).toMatchObject({ code: "engine.failed" });
    expect((await run(["status", "qa/acme"])).result).toMatchObject({ recovery: { operation: "apply" } });
  });
});

describe("recover takes the newest state that is good", () => {
  const serial = async (): Promise<number> =>
    (JSON.parse(await readFile(state(), "utf8")) as { serial: number }).serial;
  const dump = (): string => stack("errored.tfstate");
  beforeEach(async () => {
    await good("apply", "qa/acme");
    await good("apply", "qa/acme", "--set", "VM_MEMORY=3000");
  });

  test("the engine's dump where it goes on from the state", async () => {
    const text = await readFile(state(), "utf8");
    const next = (await serial()) + 3;
    await writeFile(dump(), JSON.stringify({ ...JSON.parse(text), serial: next }));
    expect(await failure("apply", "qa/acme")).toMatchObject({ code: "recovery.dump", exit: 7 });
    expect(await good("recover", "qa/acme", "--set", "VM_MEMORY=3000")).toMatchObject({ state: { from: dump() } });
    expect(await serial()).toBeGreaterThanOrEqual(next);
    await good("apply", "qa/acme");
  });

  test.each([
    ["older", { serial: 0 }],
    ["of another state", { serial: 99, lineage: "somebody-elses" }],
  ])("not a dump that is %s", async (_what, change) => {
    const before = await readFile(state(), "utf8");
    await writeFile(dump(), JSON.stringify({ ...JSON.parse(before), ...change }));
    expect((await good("recover", "qa/acme", "--set", "VM_MEMORY=3000"))["state"]).toEqual({});
    expect(await readFile(state(), "utf8")).toBe(before);
    expect((await readdir(stack("snapshots"))).some((name) => name.endsWith("-dump.tfstate"))).toBe(true);
  });

  test.each([0, 1, 200, -5])("a snapshot where the state ends after byte %i", async (length) => {
    const text = await readFile(state(), "utf8");
    await writeFile(state(), text.slice(0, length));
    expect(await failure("apply", "qa/acme")).toMatchObject({
      exit: 7,
      hint: expect.stringContaining("landfall recover qa/acme"),
    });
    const recovered = await good("recover", "qa/acme");
    const { from, damaged } = recovered["state"] as { from?: string; damaged: string };
    expect(from).toEqual(expect.any(String));
    expect(await readFile(damaged, "utf8")).toBe(text.slice(0, length));
    expect(JSON.parse(await readFile(state(), "utf8"))).toMatchObject({ lineage: JSON.parse(text).lineage });
    await good("apply", "qa/acme");
  });

  test("the copy outside the clone where the clone was cleaned", async () => {
    const { lineage } = JSON.parse(await readFile(state(), "utf8")) as { lineage: string };
    await rm(stack(""), { recursive: true });
    expect(await good("recover", "qa/acme")).toMatchObject({
      state: { from: expect.stringContaining(userState(tree.root)) },
    });
    expect(JSON.parse(await readFile(state(), "utf8"))).toMatchObject({ lineage });
  });

  test("the dump of a stack that was begun anew, not a snapshot of the one before it", async () => {
    await beginAnew();
    const { lineage } = JSON.parse(await readFile(state(), "utf8")) as { lineage: string };
    // As the engine leaves it where it cannot write the state, and the journal with it.
    await rename(state(), dump());
    await rm(stack("snapshots"), { recursive: true });
    await beganWithoutState();
    expect(await good("recover", "qa/acme")).toMatchObject({ state: { from: dump() } });
    expect(JSON.parse(await readFile(state(), "utf8"))).toMatchObject({ lineage });
  });

  test("no snapshot of the one before it either", async () => {
    await beginAnew();
    await rm(state());
    // As an apply does before its engine begins.
    await rm(stack("known.json"));
    await beganWithoutState();
    expect((await good("recover", "qa/acme"))["state"]).toEqual({});
  });

  test("none of a stack that was destroyed since", async () => {
    await good("destroy", "qa/acme");
    await rm(stack(""), { recursive: true });
    expect((await good("recover", "qa/acme"))["state"]).toEqual({});
  });
});
