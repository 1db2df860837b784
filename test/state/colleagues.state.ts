import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canary } from "../support/canary.ts";
import { filesHolding } from "../support/filesHolding.ts";
import { findTestEngine } from "../support/findTestEngine.ts";
import { landfall, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { startStateServer, type StateServer } from "../support/stateServer.ts";

const engine = await findTestEngine();
const key = canary("the key of a state that colleagues share");
const password = canary("the password of a server");

async function clone(settings: readonly string[]): Promise<Tree> {
  const tree = await makeTree();
  await tree.addProvider("acme");
  await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa", `STATE_ENCRYPTION_KEY=${key}`]);
  await share(tree, settings);
  return tree;
}

function share(tree: Tree, settings: readonly string[]): Promise<void> {
  return writeFile(join(tree.root, "infrastructure/config/state.env"), `${settings.join("\n")}\n`, { mode: 0o600 });
}

const run = (tree: Tree, argv: string[], environment: Record<string, string> = {}): Promise<Outcome> =>
  landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true", ...environment });
const errorOf = ({ result }: Outcome) => result["error"] as { code: string; message: string; hint: string };

describe.skipIf(engine === undefined)("the backend http", () => {
  let server: StateServer;
  let ana: Tree;
  let ben: Tree;

  beforeAll(async () => {
    server = await startStateServer("team", password);
    const settings = [
      "STATE_BACKEND=http",
      `STATE_ADDRESS=${server.origin}/{stack}`,
      `STATE_LOCK_ADDRESS=${server.origin}/{stack}/lock`,
      `STATE_UNLOCK_ADDRESS=${server.origin}/{stack}/lock`,
      "STATE_USERNAME=team",
      `STATE_PASSWORD=${password}`,
      "STATE_RETRY_MAX=0",
    ];
    [ana, ben] = await Promise.all([clone(settings), clone(settings)]);
  });
  afterAll(async () => {
    await Promise.all([ana?.remove(), ben?.remove(), server?.close()]);
  });

  test("two clones share a state, encrypted", async () => {
    expect((await run(ana, ["apply", "qa/acme", "--yes"])).result).toMatchObject({ ok: true, changed: true });
    expect([...server.states.keys()]).toEqual(["/qa/acme"]);
    expect(server.states.get("/qa/acme")).toContain("encrypted_data");
    expect((await run(ben, ["plan", "qa/acme"])).result).toMatchObject({ ok: true, changes: false });
    expect(server.locks.size).toBe(0);
  });

  test("a clone that never worked on the stack has its outputs after a refresh", async () => {
    const fresh = await clone((await readFile(join(ana.root, "infrastructure/config/state.env"), "utf8")).split("\n"));
    const none = await run(fresh, ["output", "qa/acme"]);
    expect(errorOf(none).hint).toContain("landfall refresh qa/acme");
    await run(fresh, ["refresh", "qa/acme"]);
    expect((await run(fresh, ["output", "qa/acme"])).result, none.stdout).toMatchObject({ outputs: { vm_name: "qa" } });
    await fresh.remove();
  });

  test("what a colleague destroyed is not called lost, after a single apply", async () => {
    expect((await run(ben, ["destroy", "qa/acme", "--yes"])).result).toMatchObject({ ok: true });
    const plan = await run(ana, ["plan", "qa/acme"]);
    expect(plan.result).toMatchObject({ ok: true, changes: true });
    expect(plan.stdout).not.toContain("state.gone");
    expect(errorOf(await run(ana, ["output", "qa/acme"]))).toMatchObject({ code: "output.none" });
    expect((await run(ana, ["apply", "qa/acme", "--yes"])).result).toMatchObject({ changed: true });
  });

  test("a state that is cut off at the server is put back there", async () => {
    const change = ["--set", "VM_MEMORY=2000"];
    expect((await run(ana, ["apply", "qa/acme", "--yes", ...change])).result).toMatchObject({ ok: true });
    expect((await run(ana, ["apply", "qa/acme", "--yes"])).result).toMatchObject({ ok: true });
    const whole = server.states.get("/qa/acme") ?? "";
    for (const cut of [whole.slice(0, -100), whole.slice(0, 30)]) {
      server.states.set("/qa/acme", cut);
      const refused = await run(ana, ["plan", "qa/acme"]);
      expect(errorOf(refused), refused.stdout).toMatchObject({ code: "engine.stateUnreadable" });
      expect(errorOf(refused).hint).toContain("landfall state restore");
      // The engine does not write over what it cannot read.
      const occupied = await run(ana, ["state", "restore", "qa/acme", "--yes"]);
      expect(errorOf(occupied).hint, occupied.stdout).toContain("remove it there");
      expect(server.states.get("/qa/acme")).toBe(cut);
      server.states.delete("/qa/acme");
      const restored = await run(ana, ["state", "restore", "qa/acme", "--yes"]);
      expect(restored.result, restored.stdout).toMatchObject({ ok: true });
      expect((await run(ana, ["apply", "qa/acme", "--yes"])).result).toMatchObject({ ok: true });
      expect((await run(ben, ["plan", "qa/acme"])).result).toMatchObject({ ok: true, changes: false });
    }
  });

  test("a wrong password, a server that is down, a state that is gone: never an empty state", async () => {
    const path = join(ana.root, "infrastructure/config/state.env");
    const settings = await readFile(path, "utf8");
    await writeFile(path, settings.replace(password, canary("a wrong password")));
    const wrong = await run(ana, ["apply", "qa/acme", "--yes"]);
    expect(wrong).toMatchObject({ status: 1 });
    expect(wrong.stdout).toContain("requires auth");
    await writeFile(path, settings);
    const whole = server.states.get("/qa/acme") ?? "";
    server.states.delete("/qa/acme");
    const gone = await run(ana, ["plan", "qa/acme"]);
    expect(gone.stdout).toContain("state.gone");
    // It is made anew by somebody who has seen that the machine is gone, too: another state.
    await rm(join(ana.root, "infrastructure/stacks/qa/acme/known.json"));
    const again = await run(ana, ["apply", "qa/acme", "--yes"]);
    expect(again.result, again.stdout).toMatchObject({ ok: true });
    expect((await run(ana, ["plan", "qa/acme"])).result, "goes on").toMatchObject({ ok: true, changes: false });
    server.states.set("/qa/acme", whole);
    expect(errorOf(await run(ana, ["plan", "qa/acme"]))).toMatchObject({ code: "state.swapped" });
    const cut = whole.slice(0, -100);
    server.states.set("/qa/acme", cut);
    expect((await run(ben, ["apply", "qa/acme", "--yes"])).status).not.toBe(0);
    expect(server.states.get("/qa/acme")).toBe(cut);
    server.states.set("/qa/acme", whole);
  });

  test("no password is in a file but in the user's own", async () => {
    for (const tree of [ana, ben])
      expect(await filesHolding(tree.root, new RegExp(password))).toEqual(["infrastructure/config/state.env"]);
  });
});
