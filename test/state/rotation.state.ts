import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { canary } from "../support/canary.ts";
import { landfall, userState, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { killLandfall } from "../support/killLandfall.ts";

const key = canary("the key of an encrypted state");
const other = "second-key-9876543210-fedcba";

let tree: Tree;
beforeEach(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
});
afterEach(() => tree.remove());

const run = (...argv: string[]): Promise<Outcome> => landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true" });
const environment = (...lines: string[]): Promise<void> =>
  tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa", ...lines]);
const stack = (name = ""): string => join(tree.root, "infrastructure/stacks/qa/acme", name);
const errorOf = ({ result }: Outcome) => result["error"] as { code: string; exit: number; hint: string };
const unchanged = async (): Promise<void> =>
  expect((await run("plan", "qa/acme")).result).toMatchObject({ ok: true, changes: false });

describe("landfall state rotate", () => {
  const file = (): string => join(tree.root, "infrastructure/config/environments/qa.env");
  const lines = (present: string): string[] => ["# mine", `STATE_ENCRYPTION_KEY=${present} # keep a copy`, "OTHER=1"];

  test("writes every state of the environment anew, and changes one line of the file", async () => {
    await environment(...lines(key));
    await run("apply", "qa/acme", "--yes");
    const before = await readFile(file(), "utf8");
    const rotated = await run("state", "rotate", "qa");
    expect(rotated.result).toMatchObject({ ok: true, stacks: ["qa/acme"], previousKept: false, resumed: false });
    const after = await readFile(file(), "utf8");
    const present = /^STATE_ENCRYPTION_KEY=(\w{40}) # keep a copy$/m.exec(after)?.[1] ?? "";
    expect(after).toBe(before.replace(key, present));
    await unchanged();
    await environment(...lines(key));
    expect(errorOf(await run("plan", "qa/acme"))).toMatchObject({ code: "engine.stateKey" });
    // What is kept outside the clone needs no key that was taken away.
    await writeFile(file(), after);
    await rm(stack(), { recursive: true });
    const recovered = await run("recover", "qa/acme", "--yes");
    expect(recovered.result, recovered.stdout).toMatchObject({ ok: true, changes: false });
    expect(recovered.result["state"]).toMatchObject({ from: expect.stringContaining(userState(tree.root)) });
    await unchanged();
  });

  test("where no key fits newer snapshots, an older one is not taken unasked", async () => {
    await environment(`STATE_ENCRYPTION_KEY=${key}`);
    await run("apply", "qa/acme", "--yes");
    await environment(`STATE_ENCRYPTION_KEY=${other}`, `STATE_ENCRYPTION_KEY_PREVIOUS=${key}`);
    await run("apply", "qa/acme", "--yes", "--set", "VM_MEMORY=2000");
    await environment(`STATE_ENCRYPTION_KEY=${key}`);
    await rm(stack(), { recursive: true });
    expect(errorOf(await run("recover", "qa/acme", "--yes"))).toMatchObject({ code: "engine.stateKey" });
    const restored = await run("state", "restore", "qa/acme", "--yes");
    expect(restored.result, restored.stdout).toMatchObject({ ok: true });
    const notice = restored.events.find(({ code }) => code === "state.snapshotKey");
    expect(notice).toMatchObject({ hint: expect.stringContaining("STATE_ENCRYPTION_KEY_PREVIOUS") });
    await environment(`STATE_ENCRYPTION_KEY=some-third-key-000000`);
    await rm(stack(), { recursive: true });
    expect(errorOf(await run("recover", "qa/acme", "--yes"))).toMatchObject({ code: "engine.stateKey", exit: 3 });
  });

  test("changes nothing where a run is to be recovered first, or there is no stack whose state could be written", async () => {
    await environment(`STATE_ENCRYPTION_KEY=${key}`);
    await run("apply", "qa/acme", "--yes");
    const before = await readFile(file(), "utf8");
    const outside = join(userState(tree.root), "landfall");
    const [clone = ""] = await readdir(outside);
    for (const directory of [stack("journal"), join(outside, clone, "qa/acme/journal")]) {
      const entry = join(directory, (await readdir(directory)).at(-1) ?? "");
      const { closed, ending, left, ...open } = JSON.parse(await readFile(entry, "utf8")) as Record<string, unknown>;
      expect([typeof closed, ending, typeof left]).toEqual(["string", "finished", "object"]);
      await writeFile(entry, JSON.stringify(open));
    }
    expect(errorOf(await run("state", "rotate", "qa"))).toMatchObject({ code: "recovery.due", exit: 7 });
    await rm(join(tree.root, "infrastructure/stacks"), { recursive: true });
    expect(errorOf(await run("state", "rotate", "qa"))).toMatchObject({ code: "state.noStacks", exit: 3 });
    expect(await readFile(file(), "utf8")).toBe(before);
  });

  test("keeps both keys while one state cannot be written, and finishes later", async () => {
    await tree.addProvider("acme");
    const folder = join(tree.root, "infrastructure/terraform/providers/acme");
    await environment(...lines(key));
    await run("apply", "qa/acme", "--yes");
    const manifest = await readFile(join(folder, "provider.yaml"), "utf8");
    await writeFile(join(folder, "provider.yaml"), "contract: 99\n");
    await rename(stack("applied"), stack("applied.away"));
    const refused = await run("state", "rotate", "qa");
    expect(errorOf(refused)).toMatchObject({ code: "state.rotation", exit: 1 });
    expect(await readFile(file(), "utf8")).toContain(`STATE_ENCRYPTION_KEY_PREVIOUS=${key}`);
    await writeFile(join(folder, "provider.yaml"), manifest);
    await unchanged();
    expect((await run("state", "rotate", "qa")).result).toMatchObject({ ok: true, resumed: true });
    expect(await readFile(file(), "utf8")).not.toContain("PREVIOUS");
    await unchanged();
  });

  test("killed at any moment, it goes on with the same command, and the state can be read all the time", async () => {
    await environment(...lines(key));
    await run("apply", "qa/acme", "--yes");
    for (let afterMs = 100; ; afterMs += 350) {
      const finished = await killLandfall(["state", "rotate", "qa"], tree.root, afterMs);
      await unchanged();
      if (finished) break;
    }
    expect((await run("state", "rotate", "qa")).result).toMatchObject({ ok: true });
    await unchanged();
  });

  test("leaves a key alone that comes from elsewhere, or is overridden", async () => {
    await environment("STATE_ENCRYPTION_KEY=${secret:file:key.secret}");
    await writeFile(join(tree.root, "key.secret"), key, { mode: 0o600 });
    await run("apply", "qa/acme", "--yes");
    const refused = await run("state", "rotate", "qa");
    expect(errorOf(refused)).toMatchObject({ code: "state.noKey", exit: 3 });
    expect(errorOf(refused).hint).toContain("STATE_ENCRYPTION_KEY_PREVIOUS");
    expect(await readFile(join(tree.root, "key.secret"), "utf8")).toBe(key);
    // An empty previous key is none.
    await environment(...lines(key), "STATE_ENCRYPTION_KEY_PREVIOUS=");
    const argv = ["state", "rotate", "qa", "--json"];
    const overridden = await landfall(tree.root, argv, { STATE_ENCRYPTION_KEY: key });
    expect(errorOf(overridden)).toMatchObject({ code: "state.keyOverridden", exit: 3 });
    expect((await run("state", "rotate", "qa")).result).toMatchObject({ ok: true, resumed: false });
  });
});
