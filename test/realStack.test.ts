import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canary } from "./support/canary.ts";
import { landfall } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

let tree: Tree;
beforeAll(async () => {
  tree = await makeTree();
  await landfall(tree.root, ["provider", "new", "acme"]);
  const manifest = join(tree.root, "infrastructure/terraform/providers/acme/provider.yaml");
  const text = await readFile(manifest, "utf8");
  const address =
    '  address:\n    description: Address of the API\n    default: "https://api.acme.invalid/v1"\n    environment: ACME_ENDPOINT\n';
  await writeFile(manifest, text.replace("settings:\n", `settings:\n${address}`));
});
afterAll(() => tree.remove());

const here = "http://127.0.0.1:8123/v1";
const token = { PROVIDER_ACME_TOKEN: canary("a token", 32) };

test.each([
  ["the plugin's variable", { ACME_ENDPOINT: here }, []],
  ["a setting that feeds it", {}, ["--set", `PROVIDER_ACME_ADDRESS=${here}`]],
] as const)("a real stack is never made at a simulation: %s leads there", async (_what, environment, more) => {
  const argv = ["apply", "development/acme", "--yes", "--json", ...more];
  const { result, stdout } = await landfall(tree.root, argv, { ...token, ...environment });
  expect(result, stdout).toMatchObject({ error: { code: "rehearsal.realStack", exit: 5 } });
});
