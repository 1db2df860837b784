import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

let tree: Tree;
beforeEach(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
  await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa"]);
});
afterEach(() => tree.remove());

const run = (verb: string): Promise<Outcome> =>
  landfall(tree.root, [verb, "qa/acme", "--yes", "--json"], { SKIP_WAIT: "true" });

test("a lock that does not fit is not changed by any command: the engine refuses", async () => {
  expect((await run("apply")).result).toMatchObject({ ok: true });
  const lock = join(tree.root, "infrastructure/stacks/qa/acme/.terraform.lock.hcl");
  const text = 'provider "registry.opentofu.org/somebody/else" {\n  version = "1.0.0"\n}\n';
  await writeFile(lock, text);
  const main = join(tree.root, "infrastructure/terraform/providers/acme/main.tf");
  await appendFile(main, "\n# looked at by init\n");
  for (const verb of ["init", "plan", "apply"]) {
    expect((await run(verb)).result, verb).toMatchObject({ error: { code: "engine.lockOutdated" } });
    expect(await readFile(lock, "utf8"), verb).toBe(text);
  }
});
