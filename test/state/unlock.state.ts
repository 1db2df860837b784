import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canary } from "../support/canary.ts";
import { landfall, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { startStateServer, type StateServer } from "../support/stateServer.ts";

const password = canary("the password of a server for states");
const path = "/states/qa/acme";
let tree: Tree;
let server: StateServer;

beforeAll(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
  server = await startStateServer("team", password);
  await keepIn("states");
  expect((await run("apply", "qa/acme", "--yes")).result).toMatchObject({ ok: true });
});
afterAll(async () => {
  await server.close();
  await tree.remove();
});

const keepIn = (folder: string): Promise<void> =>
  tree.environment("qa", [
    "ENVIRONMENT=qa",
    "VM_NAME=qa",
    "STATE_BACKEND=http",
    `STATE_ADDRESS=${server.origin}/${folder}/{stack}`,
    `STATE_LOCK_ADDRESS=${server.origin}/${folder}/{stack}/lock`,
    `STATE_UNLOCK_ADDRESS=${server.origin}/${folder}/{stack}/lock`,
    "STATE_USERNAME=team",
    `STATE_PASSWORD=${password}`,
  ]);
const run = (...argv: string[]): Promise<Outcome> => landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true" });
const held = (at = path, id = "4711-22"): void => {
  const lock = { ID: id, Operation: "OperationTypeApply", Who: "ben@desk", Created: "2026-11-01T10:00:00Z" };
  server.locks.set(at, JSON.stringify({ ...lock, Version: "1.12.6" }));
};

describe("a lock that was left at a server for states", () => {
  test("is shown, with who holds it and the command that removes it", async () => {
    held();
    const shown = await run("unlock", "qa/acme");
    expect([shown.status, shown.result], shown.stdout).toMatchObject([
      6,
      { ok: true, removed: false, lock: { id: "4711-22", who: "ben@desk", operation: "OperationTypeApply" } },
    ]);
    const text = await landfall(tree.root, ["unlock", "qa/acme"]);
    expect(text.stdout).toContain("landfall unlock qa/acme 4711-22");
    expect(text.stdout).toContain(`in http (address=${server.origin}${path})`);
    expect(server.locks.has(path)).toBe(true);
  });

  test("is not removed by another id, nor unasked", async () => {
    held();
    expect(await run("unlock", "qa/acme", "4711", "--yes")).toMatchObject({
      status: 5,
      result: { error: { code: "unlock.otherLock" } },
    });
    expect(await run("unlock", "qa/acme", "4711-22")).toMatchObject({ status: 5 });
    expect(server.locks.has(path)).toBe(true);
  });

  test("is removed by its id, and the stack can be worked on again", async () => {
    held();
    expect(await run("unlock", "qa/acme", "4711-22", "--yes")).toMatchObject({ status: 0, result: { removed: true } });
    expect(server.locks.has(path)).toBe(false);
    const nobody = await run("unlock", "qa/acme");
    expect(nobody.result).toMatchObject({ ok: true, removed: false });
    expect(nobody.result).not.toHaveProperty("lock");
    expect((await run("plan", "qa/acme")).result).toMatchObject({ ok: true, changes: false });
  });

  test("is waited for as long as the user says", async () => {
    held();
    setTimeout(() => server.locks.delete(path), 25_000);
    expect((await run("plan", "qa/acme", "--wait", "120")).result).toMatchObject({ ok: true });
  });

  test("by a move that was killed is removed in the new place, and in the former one", async () => {
    await keepIn("next");
    const record = (): Promise<string> => readFile(join(tree.root, "infrastructure/stacks/qa/acme/state.json"), "utf8");
    const before = await record();
    const places = { "11-new": "/next/qa/acme", "22-former": path };
    for (const [id, place] of Object.entries(places)) held(place, id);
    expect((await run("state", "move", "qa/acme")).result).toMatchObject({ error: { code: "engine.stateLocked" } });
    for (const [id, place] of Object.entries(places)) {
      const shown = await run("unlock", "qa/acme");
      expect(shown.result, shown.stdout).toMatchObject({ lock: { id }, place: expect.stringContaining(place) });
      expect((await run("unlock", "qa/acme", id, "--yes")).result).toMatchObject({ removed: true });
      expect(server.locks.has(place)).toBe(false);
    }
    expect(await record()).toBe(before);
    expect((await run("state", "move", "qa/acme")).result).toMatchObject({ ok: true, moved: true });
    expect((await run("plan", "qa/acme")).result).toMatchObject({ ok: true, changes: false });
  });
});
