import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyCloud, everyRehearsed } from "../support/cloudsOf.ts";
import { landfall } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { simulate, type Simulation } from "../support/simulate.ts";

const environments = ["development", "staging", "production"];
const stacks = environments.flatMap((environment) => everyRehearsed.map((provider) => `${environment}/${provider}`));

/** The order differs every time; the seed tells which it was. */
const seed = Number(process.env["LANDFALL_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

function shuffled<T>(items: readonly T[]): T[] {
  let state = seed;
  const next = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0);
  return items
    .map((item) => ({ item, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

describe(`all fifteen stacks can be planned and do not touch each other (LANDFALL_SEED=${seed})`, () => {
  let tree: Tree;
  let simulations: Simulation[] = [];
  const twins = (): string => join(tree.root, "infrastructure", "rehearsal", "stacks");

  /** What a stack's directory holds: every file that is not a link, with its content. */
  function filesOf(stack: string): Record<string, string> {
    const directory = join(twins(), stack);
    if (!existsSync(directory)) return {};
    const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
    const files = names.filter((name) => statSync(join(directory, name), { throwIfNoEntry: false })?.isFile());
    return Object.fromEntries(
      files.map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(directory, name)))
          .digest("hex"),
      ]),
    );
  }

  async function plan(stack: string): Promise<void> {
    const outcome = await landfall(tree.root, ["plan", stack, "--rehearsal", "--yes", "--json"]);
    expect(outcome.result, `${stack}: ${outcome.stdout.slice(-3000)}`).toMatchObject({
      ok: true,
      changes: true,
      summary: { machine: "create", counts: { delete: 0, replace: 0, update: 0 } },
    });
  }

  beforeAll(async () => {
    tree = await makeTree();
    simulations = await Promise.all(everyCloud.map((provider) => simulate(tree.root, provider)));
  });
  afterAll(async () => {
    for (const simulation of simulations) await simulation.stop();
    await tree.remove();
  });

  test("there are fifteen", () => {
    expect(stacks).toHaveLength(15);
  });

  test("one after another, in random order", async () => {
    for (const stack of shuffled(stacks)) {
      const others = stacks.filter((other) => other !== stack);
      const before = others.map(filesOf);
      await plan(stack);
      expect(others.map(filesOf), stack).toEqual(before);
    }
  });

  test("all at the same time", async () => {
    await Promise.all(shuffled(stacks).map(plan));
    for (const stack of stacks) {
      const [environment, provider] = stack.split("/");
      const variables = JSON.parse(readFileSync(join(twins(), stack, "terraform.tfvars.json"), "utf8")) as object;
      expect(variables).toMatchObject({ infrastructure_provider: provider, labels: { environment } });
      expect(readdirSync(join(twins(), stack, "providers"))).toEqual([provider]);
    }
  });

  test("applied side by side on one cloud, stacks stay apart", async () => {
    const pair = ["staging/hetzner", "production/hetzner"];
    const run = async (argv: string[], stack: string) => {
      const confirm = { CONFIRM: stack };
      const outcome = await landfall(tree.root, [...argv, stack, "--rehearsal", "--yes", "--json"], confirm);
      expect(outcome.result, outcome.stdout.slice(-3000)).toMatchObject({ ok: true });
    };
    await Promise.all(pair.map((stack) => run(["apply"], stack)));
    await run(["destroy"], "staging/hetzner");
    const { result } = await landfall(tree.root, ["plan", "production/hetzner", "--rehearsal", "--json", "--yes"]);
    expect(result).toMatchObject({ ok: true, changes: false });
    await run(["destroy"], "production/hetzner");
  });
});
