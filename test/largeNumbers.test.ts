import { appendFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { landfall } from "./support/landfall.ts";
import { makeTree } from "./support/makeTree.ts";

test("a large number in an output keeps its digits: in the result, in what is kept, and in a state that is put back", async () => {
  const tree = await makeTree();
  try {
    const folder = await tree.addProvider("acme");
    await appendFile(join(folder, "outputs.tf"), 'output "vm_id" { value = 1234567890123456789 }\n');
    await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa"]);
    const stack = join(tree.root, "infrastructure/stacks/qa/acme");
    const run = (...argv: string[]) => landfall(tree.root, [...argv, "--yes", "--json"], { SKIP_WAIT: "true" });
    const outputs = { vm_id: "1234567890123456789" };
    expect((await run("apply", "qa/acme")).result).toMatchObject({ ok: true, outputs });
    expect((await run("apply", "qa/acme")).result).toMatchObject({ ok: true, changed: false, outputs });
    expect(JSON.parse(await readFile(join(stack, "known.json"), "utf8"))).toMatchObject({ outputs });
    expect((await landfall(tree.root, ["output", "qa/acme", "--json"])).result).toMatchObject({ outputs });

    await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=other"]);
    expect((await run("apply", "qa/acme")).result).toMatchObject({ ok: true, changed: true });
    const [first = ""] = await readdir(join(stack, "snapshots"));
    const restored = await run("state", "restore", "qa/acme", first);
    expect(restored.result, restored.stdout).toMatchObject({ ok: true });
    expect(await readFile(join(stack, "terraform.tfstate"), "utf8")).toMatch(/"vm_id": ?1234567890123456789\b/);
  } finally {
    await tree.remove();
  }
});
