import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { landfall, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { simulate, type Simulation } from "../support/simulate.ts";

/** An action of a cloud, through the command line and the simulated API. */
const stack = "staging/hetzner";
let tree: Tree;
let simulation: Simulation;
const run = (...argv: string[]): Promise<Outcome> => landfall(tree.root, [...argv, "--rehearsal", "--json"]);

beforeAll(async () => {
  tree = await makeTree();
  simulation = await simulate(tree.root, "hetzner");
});
afterAll(async () => {
  await simulation.stop();
  await tree.remove();
});

async function switchOff(): Promise<void> {
  const headers = { authorization: `Bearer ${"a".repeat(64)}` };
  const list = await fetch(`${simulation.origin}/v1/servers`, { headers });
  const [server] = ((await list.json()) as { servers: { id: number }[] }).servers;
  const path = `${simulation.origin}/v1/servers/${server?.id}/actions/poweroff`;
  expect((await fetch(path, { method: "POST", headers })).status).toBe(201);
  const locked = async (): Promise<boolean> => {
    const answer = await fetch(`${simulation.origin}/v1/servers/${server?.id}`, { headers });
    return ((await answer.json()) as { server: { locked: boolean } }).server.locked;
  };
  while (await locked()) await sleep(50);
}

test("a server that somebody switched off is switched on", async () => {
  const none = await run("provider", "run", stack, "poweron");
  expect(none.result).toMatchObject({ ok: false, error: { code: "hetzner.noServer" } });
  expect((await run("apply", stack, "--yes")).result).toMatchObject({ ok: true });
  await switchOff();
  expect((await run("status", stack)).result).toMatchObject({ machine: "stopped" });
  const done = await run("provider", "run", stack, "poweron");
  expect(done.result, done.stdout).toMatchObject({ ok: true, stack, action: "poweron", data: { changed: true } });
  expect((await run("status", stack)).result).toMatchObject({ machine: "running" });
  const again = await run("provider", "run", stack, "poweron");
  expect(again.result).toMatchObject({ ok: true, data: { changed: false } });
  expect((await run("destroy", stack, "--yes")).result).toMatchObject({ ok: true });
});
