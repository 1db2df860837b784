import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canary } from "../support/canary.ts";
import { checkMutated, type Broken, type Mutation } from "../support/conformance.ts";
import { landfall } from "../support/landfall.ts";
import { makeTree, repository, type Tree } from "../support/makeTree.ts";
import { simulate, type Simulation } from "../support/simulate.ts";

/** The real service of a copy of a provider that takes a simulation for it; its servers answer no SSH. */
const source = join(repository, "infrastructure", "terraform", "providers", "hetzner");
const rules = ["live.apply", "live.settled", "live.status", "live.destroy"];
let tree: Tree;
let service: Simulation;

beforeAll(async () => {
  tree = await makeTree();
  service = await simulate(tree.root, "hetzner");
});
afterAll(async () => {
  await service.stop();
  await tree.remove();
});

const credentials = (): Record<string, string> => ({
  PROVIDER_HETZNER_TOKEN: canary("a token of level live")
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .padEnd(64, "0")
    .slice(0, 64),
  SKIP_WAIT: "true",
});

function checkLive(mutate: (change: Mutation) => Promise<void>, environment: Record<string, string>): Promise<Broken> {
  return checkMutated({ source, level: "live", rules, environment }, async (change) => {
    await change.replace("provider.ts", "https://api.hetzner.cloud/v1", `${service.origin}/v1`);
    await change.append(
      "main.tf",
      `
provider "hcloud" {
  endpoint = "${service.origin}/v1"
}
`,
    );
    await mutate(change);
  });
}

const exists = async (): Promise<unknown[]> =>
  ((await (await fetch(`${service.origin}/.landfall`)).json()) as { resources: unknown[] }).resources;

describe("level live", () => {
  test("a good provider keeps its rules, and nothing is left", async () => {
    const { broken, verdicts } = await checkLive(async () => undefined, { ...credentials(), CONFIRM: "hetzner" });
    expect([broken, verdicts.map(({ verdict }) => verdict)], JSON.stringify(verdicts)).toEqual([
      [],
      rules.map(() => "passed"),
    ]);
    expect(await exists()).toEqual([]);
  });

  test("asks first: without the provider's name nothing is made", async () => {
    const argv = ["provider", "check", source, "--level", "live", "--rule", "live.apply", "--yes", "--json"];
    const { result } = await landfall(tree.root, argv, { ...credentials(), CONFIRM: "aws" });
    expect(result["error"]).toMatchObject({ code: "check.declined", exit: 5 });
    expect(await exists()).toEqual([]);
  });

  const mutations: [id: string, (change: Mutation) => Promise<void>][] = [
    [
      "live.settled",
      ({ append }) => append("main.tf", '\nresource "terraform_data" "again" {\n  input = timestamp()\n}\n'),
    ],
    ["live.status", ({ replace }) => replace("provider.ts", 'running: "running"', 'running: "stopped"')],
    ["live.apply", ({ replace }) => replace("main.tf", /image( +)= var\.settings\.image/, 'image$1= "nothing-24"')],
    // Last: what it makes stays.
    [
      "live.destroy",
      ({ replace }) =>
        replace(
          "main.tf",
          'resource "hcloud_firewall" "firewall" {',
          'resource "hcloud_firewall" "firewall" {\n  lifecycle {\n    prevent_destroy = true\n  }',
        ),
    ],
  ];
  test.each(mutations)("%s is broken by one that breaks it", async (id, mutate) => {
    const { broken, verdicts } = await checkLive(mutate, { ...credentials(), CONFIRM: "hetzner" });
    expect(broken, JSON.stringify(verdicts)).toEqual([id]);
  });

  test("each rule is among them", () => {
    expect(mutations.map(([id]) => id).toSorted()).toEqual(rules.toSorted());
  });
});
