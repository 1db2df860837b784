import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

/** Machines that are elsewhere, at a provider that has no search. */
let tree: Tree;
let folder: string;
beforeEach(async () => {
  tree = await makeTree();
  folder = await tree.addProvider("acme");
  const manifest = join(folder, "provider.yaml");
  const text = await readFile(manifest, "utf8");
  await writeFile(manifest, text.replace("local: true", 'local: "machines run elsewhere"'));
  await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa"]);
});
afterEach(() => tree.remove());

const stack = (name: string): string => join(tree.root, "infrastructure/stacks/qa/acme", name);
const run = (argv: string[], environment = {}, terminal = {}): Promise<Outcome> =>
  landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true", ...environment }, terminal);
const good = async (...argv: string[]): Promise<void> => {
  const { result, stdout } = await run([...argv, "--yes"]);
  expect(result, stdout.slice(-3000)).toMatchObject({ ok: true });
};
const failure = async (...argv: string[]): Promise<unknown> => (await run([...argv, "--yes"])).result["error"];
const extra = { address: "module.provider.terraform_data.extra", action: "create" };

/** The newest run is one whose end nobody knows. */
async function cutOff(operation: string, expected: readonly object[]): Promise<void> {
  const name = (await readdir(stack("journal"))).at(-1) ?? "";
  const { started, state } = JSON.parse(await readFile(stack(`journal/${name}`), "utf8")) as Record<string, unknown>;
  const id = `${name.replace(".json", "")}-2`;
  await writeFile(stack(`journal/${id}.json`), JSON.stringify({ run: id, started, state, operation, expected }));
}

describe("after a run that was cut off, a provider that cannot be searched", () => {
  beforeEach(async () => {
    await good("apply", "qa/acme");
    await cutOff("apply", [extra]);
  });

  test("stops apply and destroy, and says what may exist", async () => {
    for (const verb of ["apply", "destroy"])
      expect(await failure(verb, "qa/acme")).toMatchObject({
        code: "recovery.due",
        exit: 7,
        problems: [{ message: expect.stringContaining("module.provider.terraform_data.extra") }],
      });
  });

  test("is recovered only after a person said that nothing is there", async () => {
    expect(await failure("recover", "qa/acme")).toMatchObject({
      code: "recovery.unconfirmed",
      hint: expect.stringContaining("labelled stack=qa_acme"),
    });
    const wrong = { interactive: true, ask: async () => "y" };
    expect((await run(["recover", "qa/acme"], {}, wrong)).result).toMatchObject({ error: { exit: 7 } });
    const typed = { interactive: true, ask: async () => "qa/acme" };
    expect((await run(["recover", "qa/acme"], {}, typed)).result).toMatchObject({ ok: true, changes: false });
    await good("apply", "qa/acme");
  });

  test("is recovered with CONFIRM in place of a person at a terminal", async () => {
    const confirmed = await run(["recover", "qa/acme", "--yes"], { CONFIRM: "qa/acme" });
    expect(confirmed.result).toMatchObject({ ok: true });
  });

  test("asks as well where nobody knows what a run was about to do", async () => {
    await cutOff("tofu", []);
    expect(await failure("recover", "qa/acme")).toMatchObject({
      code: "recovery.unconfirmed",
      problems: [{ message: expect.stringMatching(/^nobody knows what tofu /) }],
    });
    const confirmed = await run(["recover", "qa/acme", "--yes"], { CONFIRM: "qa/acme" });
    expect(confirmed.result).toMatchObject({ ok: true });
  });
});

test("a destroy that failed has left what it left", async () => {
  const main = join(folder, "main.tf");
  const protection = `provisioner "local-exec" {\n    when    = destroy\n    command = "echo 422 deletion is protected; exit 1"\n  }`;
  await writeFile(main, `${await readFile(main, "utf8")}\nresource "terraform_data" "more" {\n  ${protection}\n}\n`);
  await good("apply", "qa/acme");
  expect(await failure("destroy", "qa/acme")).toMatchObject({ code: "engine.failed" });
  await rm(stack(""), { recursive: true });
  expect(await failure("apply", "qa/acme")).toMatchObject({ code: "state.gone", exit: 7 });
  await good("recover", "qa/acme");
  expect(await readFile(stack("terraform.tfstate"), "utf8")).toContain('"more"');
});

test("a state that is gone is missed after an apply that failed, too", async () => {
  await good("apply", "qa/acme");
  const { outputs } = JSON.parse(await readFile(stack("known.json"), "utf8")) as { outputs: object };
  await writeFile(stack("known.json"), JSON.stringify({ outputs, unfinished: true }));
  await rm(stack("terraform.tfstate"));
  expect(await failure("apply", "qa/acme")).toMatchObject({ code: "state.gone", exit: 7 });
});
