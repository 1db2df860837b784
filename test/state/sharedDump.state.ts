import { access } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { canary } from "../support/canary.ts";
import { landfall, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { startStateServer, type StateServer } from "../support/stateServer.ts";

const password = canary("the password of a server for states that is full");
const path = "/states/qa/acme";
let tree: Tree;
let server: StateServer;

beforeEach(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
  server = await startStateServer("team", password);
  await tree.environment("qa", [
    "ENVIRONMENT=qa",
    "VM_NAME=qa",
    "STATE_BACKEND=http",
    `STATE_ADDRESS=${server.origin}/states/{stack}`,
    "STATE_USERNAME=team",
    `STATE_PASSWORD=${password}`,
  ]);
});
afterEach(async () => {
  await server.close();
  await tree.remove();
});

const run = (...argv: string[]): Promise<Outcome> => landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true" });
const good = async (...argv: string[]): Promise<Outcome["result"]> => {
  const { result, stdout } = await run(...argv);
  expect(result, stdout.slice(-3000)).toMatchObject({ ok: true });
  return result;
};
const dump = (): string => join(tree.root, "infrastructure/stacks/qa/acme/errored.tfstate");
const serial = (): number => (JSON.parse(server.states.get(path) ?? "{}") as { serial: number }).serial;

describe("a server for states that refuses what an apply has made", () => {
  test("gets it by recover: at the first apply, where it knows of no state", async () => {
    server.full = true;
    expect((await run("apply", "qa/acme", "--yes")).result).toMatchObject({ ok: false });
    expect(server.states.has(path)).toBe(false);
    server.full = false;
    // Nothing is made a second time before.
    expect((await run("apply", "qa/acme", "--yes")).result).toMatchObject({ error: { exit: 7 } });
    expect(await good("recover", "qa/acme", "--yes")).toMatchObject({ state: { from: dump() } });
    await expect(access(dump())).rejects.toThrow("ENOENT");
    expect(await good("plan", "qa/acme")).toMatchObject({ changes: false });
  });

  test("and at a later one, where it knows of an older state", async () => {
    await good("apply", "qa/acme", "--yes");
    const before = serial();
    server.full = true;
    expect((await run("apply", "qa/acme", "--yes", "--set", "VM_MEMORY=3000")).result).toMatchObject({ ok: false });
    expect(serial()).toBe(before);
    server.full = false;
    expect(await good("recover", "qa/acme", "--yes", "--set", "VM_MEMORY=3000")).toMatchObject({
      state: { from: dump() },
    });
    expect(serial()).toBeGreaterThan(before);
    expect(await good("plan", "qa/acme", "--set", "VM_MEMORY=3000")).toMatchObject({ changes: false });
  });

  test("but not what is older than what somebody has written since", async () => {
    await good("apply", "qa/acme", "--yes");
    server.full = true;
    expect((await run("apply", "qa/acme", "--yes", "--set", "VM_MEMORY=3000")).result).toMatchObject({ ok: false });
    server.full = false;
    const state = JSON.parse(server.states.get(path) ?? "{}") as { serial: number };
    server.states.set(path, JSON.stringify({ ...state, serial: state.serial + 10 }));
    const before = serial();
    expect(((await good("recover", "qa/acme", "--yes")) as { state: object }).state).not.toHaveProperty("from");
    expect(serial()).toBeGreaterThanOrEqual(before);
  });
});
