import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProviderOffer } from "../src/operations/compareProviders.ts";
import { landfall } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

let tree: Tree;
beforeAll(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
  expect((await landfall(tree.root, ["provider", "new", "priceless"])).status).toBe(0);
  await tree.addProvider("gale");
});
afterAll(() => tree.remove());

test("without a catalog nobody knows what a machine elsewhere costs: it is not free, and stands behind those with a price", async () => {
  const { result, stdout } = await landfall(tree.root, ["compare", "development", "--json"]);
  const offers = (result["offers"] ?? []) as ProviderOffer[];
  const usable = offers.filter(({ problems }) => problems.length === 0);
  const of = (name: string) => usable.find(({ provider }) => provider === name);
  expect(of("acme"), stdout).toMatchObject({ free: true });
  expect(of("gale")).toMatchObject({ monthlyPrice: expect.any(Number) });
  expect(of("priceless")).not.toHaveProperty("free");
  expect(of("priceless")).not.toHaveProperty("monthlyPrice");
  const order = usable.map(({ provider }) => provider).filter((name) => ["acme", "gale", "priceless"].includes(name));
  expect(order).toEqual(["acme", "gale", "priceless"]);

  const { stdout: text } = await landfall(tree.root, ["compare", "development"]);
  expect(text).toMatch(/^acme .* nothing /m);
  expect(text).toMatch(/^priceless .* unknown /m);
  expect(text).not.toMatch(/^priceless .* nothing /m);
});
