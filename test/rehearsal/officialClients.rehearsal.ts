import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { clients, pythonWorks, runClient } from "../support/pythonClient.ts";
import { simulate } from "../support/simulate.ts";

/** The clouds' own Python clients are satisfied with the simulations. */
const names = readdirSync(clients).flatMap((file) => /^(\w+)_client\.py$/.exec(file)?.[1] ?? []);
let tree: Tree;

beforeAll(async () => {
  tree = await makeTree();
});
afterAll(() => tree.remove());

describe.skipIf(!pythonWorks())("official clients (skipped: python3 with venv is not installed)", () => {
  test.each(names)("%s", async (name) => {
    const simulation = await simulate(tree.root, name);
    try {
      const said = await runClient(name, simulation.origin).catch((error: { stdout?: string; stderr?: string }) => {
        throw new Error(`${error.stdout ?? ""}\n${error.stderr ?? String(error)}`);
      });
      expect(said.match(/^ok /gm)?.length ?? 0).toBeGreaterThan(4);
    } finally {
      expect(await simulation.stop()).not.toContain("the simulation of");
    }
  });
});
