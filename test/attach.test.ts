import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeTerminalOnce } from "./support/inTerminal.ts";
import { landfall } from "./support/landfall.ts";
import { makeTree, repository, type Tree } from "./support/makeTree.ts";
import { startLandfall, type Started } from "./support/startLandfall.ts";

const stack = "development/acme";
let tree: Tree;
let begun: string;
let go: string;

beforeAll(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
  begun = join(tree.root, "begun");
  go = join(tree.root, "go");
  const main = join(tree.root, "infrastructure", "terraform", "providers", "acme", "main.tf");
  await appendFile(
    main,
    `\nresource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "touch ${begun}; while [ ! -e ${go} ]; do sleep 0.1; done"
  }
}\n`,
  );
});
afterAll(async () => {
  await writeFile(go, "");
  await tree.remove();
});

const attach = (): Started => startLandfall(["attach", stack, "--json"], tree.root);

describe("a run whose terminal was closed", () => {
  test("goes on; attach shows it from its beginning, is left by Ctrl-C, and ends as the run ends", async () => {
    const program = join(repository, "landfall");
    const shown = await closeTerminalOnce(begun, {
      program: "env",
      args: ["SKIP_WAIT=true", program, "apply", stack, "--yes"],
      root: tree.root,
    });
    expect(shown).toContain("apply development/acme");

    const left = attach();
    await left.seen((output) => output.includes('"resource.started"'));
    left.child.kill("SIGINT");
    const { status, result } = await left.finished;
    expect([status, result]).toEqual([0, expect.objectContaining({ stack })]);
    expect(result).not.toHaveProperty("outcome");

    const followed = attach();
    await followed.seen((output) => output.includes('"resource.started"'));
    await writeFile(go, "");
    const ended = await followed.finished;
    expect(ended.events[0]).toMatchObject({ type: "run.started", operation: "apply", stack });
    expect([ended.status, ended.result]).toEqual([0, expect.objectContaining({ outcome: "done" })]);

    const again = await landfall(tree.root, ["apply", stack, "--yes", "--json"], { SKIP_WAIT: "true" });
    expect(again.result, again.stdout).toMatchObject({ ok: true, changed: false });
  });

  test("where nothing is at work, that is said", async () => {
    const idle = await attach().finished;
    expect([idle.status, idle.result]).toMatchObject([3, { error: { code: "attach.idle" } }]);
  });
});
