import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { canary } from "./support/canary.ts";
import { landfall } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

/** A folder that makes nothing, named by its path; the tree has another provider of that name, which cannot be applied. */
let tree: Tree;
let folder: string;
beforeEach(async () => {
  tree = await makeTree();
  folder = join(tree.root, "away", "squall");
  await mkdir(join(tree.root, "away"));
  await landfall(tree.root, ["provider", "new", "squall", "--in", join(tree.root, "away")]);
  // Its service is nowhere.
  await writeFile(
    join(folder, "provider.ts"),
    'export default {\n  findOrphans: async () => [],\n  inspectMachine: async () => ({ state: "unknown" }),\n};\n',
  );
  const other = join(tree.root, "infrastructure", "terraform", "providers", "squall");
  await cp(folder, other, { recursive: true });
  await refuse(other);
});
afterEach(() => tree.remove());

const refuse = async (where: string): Promise<void> =>
  writeFile(
    join(where, "refusing.tf"),
    'resource "terraform_data" "no" {\n  lifecycle {\n    precondition {\n      condition = var.vm_name == ""\n      error_message = "refused"\n    }\n  }\n}\n',
  );

async function checkLive(): Promise<string[]> {
  const rules = ["apply", "settled", "status", "destroy"].flatMap((rule) => ["--rule", `live.${rule}`]);
  const { result, stdout } = await landfall(
    tree.root,
    ["provider", "check", folder, "--level", "live", ...rules, "--yes", "--json"],
    { PROVIDER_SQUALL_TOKEN: canary("a token of squall", 32), CONFIRM: "squall", SKIP_WAIT: "true" },
  );
  expect(result["verdicts"], stdout.slice(-3000)).toBeInstanceOf(Array);
  expect(stdout).not.toMatch(/landfall-check-/);
  return (result["verdicts"] as { id: string; verdict: string }[]).map(({ id, verdict }) => `${id} ${verdict}`);
}

const kept = ["live.apply passed", "live.settled passed", "live.status passed", "live.destroy passed"];

describe("level live of a folder that is named by its path", () => {
  test("is about that folder, whatever else has its name, and nothing of it is left", async () => {
    expect(await checkLive()).toEqual(kept);
    expect(await readdir(join(tree.root, "infrastructure", "stacks", "provider-check"))).toEqual([]);
  });

  test("needs no acceptance where one of its name was added", async () => {
    await rm(join(tree.root, "infrastructure", "terraform", "providers", "squall"), { recursive: true });
    await landfall(tree.root, ["provider", "add", folder, "--yes"]);
    const readme = join(folder, "README.md");
    await writeFile(readme, `${await readFile(readme, "utf8")}\nMore.\n`);
    expect(await checkLive()).toEqual(kept);
  });

  test("always has a report", async () => {
    await refuse(folder);
    expect(await checkLive()).toEqual([
      "live.apply failed",
      "live.settled untested",
      "live.status untested",
      "live.destroy passed",
    ]);
  });
});
