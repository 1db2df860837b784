import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";
import { startLandfall, type Finished } from "./support/startLandfall.ts";

const stack = "development/acme";
let tree: Tree;
const at = (name: string): string => join(tree.root, name);

beforeAll(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
  const main = join(tree.root, "infrastructure", "terraform", "providers", "acme", "main.tf");
  const command = `touch ${at("begun")}; while [ ! -e ${at("go")} ]; do sleep 0.1; done`;
  await appendFile(
    main,
    `\nresource "terraform_data" "slow" {\n  provisioner "local-exec" {\n    command = "${command}"\n  }\n}\n`,
  );
});
afterAll(async () => {
  await writeFile(at("go"), "");
  await tree.remove();
});

const run = (...argv: string[]): Promise<Outcome> =>
  landfall(tree.root, [...argv, "--yes", "--json"], { SKIP_WAIT: "true" });
const errorOf = ({ result }: Outcome) => result["error"] as { code: string; exit: number; message: string };

describe("a stack on which a run is at work", () => {
  let first: Promise<Finished>;
  beforeAll(async () => {
    const started = startLandfall(["apply", stack, "--yes", "--json"], tree.root);
    await started.seen((output) => output.includes('"module.provider.terraform_data.slow"'));
    first = started.finished;
  });

  test("is refused at once, with command, process, user, host and age", async () => {
    const refused = await run("plan", stack);
    expect(errorOf(refused)).toMatchObject({ code: "stack.locked", exit: 6 });
    expect(errorOf(refused).message).toMatch(
      /"apply development\/acme" holds .*: process \d+ of \S+ on \S+, since \d+ s/,
    );
  });

  test("--wait SECONDS waits so long, and no longer", async () => {
    const refused = await run("plan", stack, "--wait", "1");
    expect(errorOf(refused)).toMatchObject({ code: "stack.locked", exit: 6 });
    expect(refused.events).toContainEqual(expect.objectContaining({ type: "step.failed", step: "lock" }));
  });

  test("--wait goes on when the other run has ended", async () => {
    const waiting = startLandfall(["plan", stack, "--yes", "--json", "--wait"], tree.root);
    await waiting.seen((output) => output.includes('"step":"lock"'));
    await writeFile(at("go"), "");
    const { events, result } = await waiting.finished;
    expect(result).toMatchObject({ ok: true, changes: false });
    expect(events).toContainEqual(expect.objectContaining({ type: "step.finished", step: "lock" }));
    await first;
  });
});

test.each(["soon", "-1", "1.5"])("--wait %s is refused", async (seconds) => {
  expect(errorOf(await run("plan", stack, `--wait=${seconds}`))).toMatchObject({ code: "usage.invalid", exit: 3 });
});
