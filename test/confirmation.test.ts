import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8qY0R9x0m9v1y9m6M0wX3cQyJm0s3i0p0v1y2b3c4d test";
let tree: Tree;

beforeAll(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
  for (const [name, ...lines] of [["qa"], ["guarded", "PROTECTED=true", "STATE_ENCRYPTION_KEY="]] as const)
    await tree.environment(name, [
      ...[`ENVIRONMENT=${name}`, `VM_NAME=${name}`, "VM_MEMORY=512", "VM_VCPUS=1", "VM_DISK_SIZE=10"],
      ...[`SSH_PUBLIC_KEY="${key}"`, ...lines],
    ]);
});
afterAll(() => tree.remove());

const run = (argv: readonly string[], environment = {}): Promise<Outcome> =>
  landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true", ...environment });
/** The same at a terminal, with what was asked. */
async function answering(answer: string | undefined, ...argv: string[]): Promise<Outcome & { asked: string[] }> {
  const asked: string[] = [];
  const ask = async (question: string): Promise<string | undefined> => {
    asked.push(question);
    return answer;
  };
  const environment = { SKIP_WAIT: "true" };
  return { ...(await landfall(tree.root, [...argv, "--json"], environment, { interactive: true, ask })), asked };
}
const state = (environment: string): Promise<void> =>
  access(join(tree.root, "infrastructure/stacks", environment, "acme/terraform.tfstate"));

describe("a terminal is asked", () => {
  test("anything but yes leaves an unprotected stack as it is", async () => {
    for (const answer of ["n", "", "sure", "qa/acme", undefined]) {
      const { asked, result, status } = await answering(answer, "apply", "qa/acme");
      expect([status, result, asked]).toMatchObject([
        5,
        { error: { code: "confirmation.declined" } },
        ["apply qa/acme? [y/N] "],
      ]);
    }
    await expect(state("qa")).rejects.toMatchObject({ code: "ENOENT" });
    expect((await answering("Y", "apply", "qa/acme")).result).toMatchObject({ ok: true, changed: true });
  });

  test("any other word than the stack's name leaves a protected one as it is, also with --yes", async () => {
    expect((await run(["apply", "guarded/acme", "--yes"])).result).toMatchObject({ ok: true });
    for (const answer of ["y", "yes", "", "guarded", "qa/acme", "guarded/acme/", undefined]) {
      const { asked, result, status } = await answering(answer, "destroy", "guarded/acme", "--yes");
      expect([status, result, asked]).toMatchObject([
        5,
        { error: { code: "confirmation.declined" } },
        ["Type guarded/acme to destroy it: "],
      ]);
    }
    await state("guarded");
    expect((await answering("guarded/acme", "destroy", "guarded/acme")).result).toMatchObject({ ok: true });
  });

  test("a CONFIRM of another stack is refused without a question", async () => {
    const asked: string[] = [];
    const ask = async (question: string): Promise<string> => {
      asked.push(question);
      return "guarded/acme";
    };
    await run(["apply", "guarded/acme", "--yes"]);
    const slip = { CONFIRM: "qa/acme", SKIP_WAIT: "true" };
    const refused = await landfall(tree.root, ["destroy", "guarded/acme", "--json"], slip, { interactive: true, ask });
    expect([refused.status, refused.result, asked]).toMatchObject([5, { error: { code: "confirmation.needed" } }, []]);
  });
});

test("production is protected where it does not say otherwise, and other environments are not", async () => {
  const shown = async (name: string): Promise<unknown> => {
    await tree.environment(name, [`ENVIRONMENT=${name}`, `VM_NAME=${name}`, "STATE_ENCRYPTION_KEY="]);
    return (await landfall(tree.root, ["config", "show", `${name}/acme`])).stdout;
  };
  expect(await shown("production")).toMatch(/PROTECTED\W+true/);
  expect(await shown("staging")).toMatch(/PROTECTED\W+false/);
});

test("what is protected is not unprotected by a flag or a variable of the shell", async () => {
  await tree.environment("production", ["ENVIRONMENT=production", "VM_NAME=x", "STATE_ENCRYPTION_KEY="]);
  const invalid = { error: { code: "configuration.invalid", exit: 3 } };
  for (const stack of ["production/acme", "guarded/acme"]) {
    for (const verb of ["apply", "destroy"]) {
      expect((await run([verb, stack, "--yes", "--set", "PROTECTED=false"])).result, verb).toMatchObject(invalid);
      expect((await run([verb, stack, "--yes"], { PROTECTED: "false" })).result, verb).toMatchObject(invalid);
    }
  }
  for (const [stack, value] of [
    ["qa/acme", "false"],
    ["guarded/acme", "true"],
  ] as const)
    expect((await run(["plan", stack, "--yes", "--set", `PROTECTED=${value}`])).result, stack).toMatchObject({
      ok: true,
    });
});

const guarded = [
  ...["ENVIRONMENT=guarded", "VM_NAME=guarded", "PROTECTED=true", "STATE_ENCRYPTION_KEY="],
  `SSH_PUBLIC_KEY="${key}"`,
];

test("what only the provider knows of is not removed without the name either", async () => {
  const own = await makeTree();
  try {
    const thing = join(own.root, "thing");
    await writeFile(
      join(await own.addProvider("acme"), "provider.ts"),
      `import { existsSync, rmSync } from "node:fs";
       const thing = ${JSON.stringify(thing)};
       export default {
         inspectMachine: async () => ({ state: existsSync(thing) ? "running" : "absent" }),
         cleanUp: async () => rmSync(thing, { force: true }),
       };`,
    );
    await own.environment("guarded", guarded);
    await writeFile(thing, "");
    const argv = ["destroy", "guarded/acme", "--yes", "--json"];
    const refused = await landfall(own.root, argv, { SKIP_WAIT: "true" });
    expect(refused.result).toMatchObject({ error: { code: "confirmation.needed", exit: 5 } });
    await access(thing);
    const done = await landfall(own.root, argv, { SKIP_WAIT: "true", CONFIRM: "guarded/acme" });
    expect(done.result, done.stdout).toMatchObject({ ok: true });
    await expect(access(thing)).rejects.toMatchObject({ code: "ENOENT" });
  } finally {
    await own.remove();
  }
});

test("the engine by hand changes nothing of a protected stack without the name", async () => {
  const own = await makeTree();
  try {
    await own.addProvider("acme");
    await own.environment("guarded", guarded);
    const tofu = (args: string[], environment = {}): Promise<Outcome> =>
      landfall(own.root, ["tofu", "--json", "guarded/acme", "--", ...args], { SKIP_WAIT: "true", ...environment });
    await landfall(own.root, ["apply", "guarded/acme", "--yes", "--json"], { SKIP_WAIT: "true" });
    const address = "module.provider.terraform_data.machine";
    expect((await tofu(["state", "list"])).status).toBe(0);
    const refused = await tofu(["state", "rm", address]);
    expect(refused.result).toMatchObject({ error: { code: "confirmation.needed", exit: 5 } });
    expect((await tofu(["state", "rm", address], { CONFIRM: "guarded/acme" })).status).toBe(0);
    const restored = await landfall(own.root, ["state", "snapshots", "guarded/acme", "--json"], {});
    expect((restored.result["snapshots"] as unknown[]).length).toBeGreaterThan(1);
  } finally {
    await own.remove();
  }
});
