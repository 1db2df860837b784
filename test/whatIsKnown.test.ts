import { appendFile, cp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { landfall } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

let tree: Tree;
let folder: string;
beforeEach(async () => {
  tree = await makeTree();
  folder = await tree.addProvider("acme");
  await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa"]);
});
afterEach(() => tree.remove());
const run = (argv: string[], root = tree.root): ReturnType<typeof landfall> =>
  landfall(root, [...argv, "--json"], { SKIP_WAIT: "true" });

test("what was known stays to log in with where an apply that changes the machine fails", async () => {
  const { outputs } = (await run(["apply", "qa/acme", "--yes"])).result;
  await appendFile(
    join(folder, "main.tf"),
    `\nresource "terraform_data" "broken" {\n  provisioner "local-exec" {\n    command = "exit 1"\n  }\n}\n`,
  );
  const failed = await run(["apply", "qa/acme", "--yes", "--set", "VM_MEMORY=3000"]);
  expect(failed.result, failed.stdout.slice(-2000)).toMatchObject({ error: { code: "engine.failed" } });
  const known = await readFile(join(tree.root, "infrastructure/stacks/qa/acme/known.json"), "utf8");
  expect(JSON.parse(known)).toEqual({ outputs, unfinished: true });
  expect((await run(["output", "qa/acme"])).result).toMatchObject({ ok: true, outputs });
});

test("a clone takes nothing of another clone's for its own", async () => {
  await run(["apply", "qa/acme", "--yes"]);
  const other = `${tree.root}-other`;
  try {
    await cp(tree.root, other, { recursive: true });
    await rename(join(other, "infrastructure", "stacks"), join(other, "lost"));
    const recovered = await run(["recover", "qa/acme", "--yes"], other);
    expect(recovered.result["state"]).toEqual({});
  } finally {
    await rm(other, { recursive: true, force: true });
  }
});
