import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import libvirt from "../infrastructure/terraform/providers/libvirt/provider.ts";
import type { ActionContext } from "../src/providers/behaviour.ts";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

/** Commands of a provider's own: declared in the manifest, implemented in provider.ts, run by name. */
let tree: Tree;
let folder: string;
const stack = "development/acme";

beforeAll(async () => {
  tree = await makeTree();
  folder = await tree.addProvider("acme");
  const manifest = join(folder, "provider.yaml");
  const actions = [
    "actions:",
    "  greet: { description: Says a word }",
    "  shell: { description: Takes the terminal }",
    "  fail: { description: Ends badly }",
  ];
  await writeFile(manifest, `${await readFile(manifest, "utf8")}${actions.join("\n")}\n`);
  await writeFile(
    join(folder, "provider.ts"),
    `import type { ProviderBehaviour } from "landfall/provider";
    const provider: ProviderBehaviour = { actions: {
      async greet({ stack, settings, inputs }, args) {
        return { text: "hello " + args.join("+"), data: { stack: stack.name, motto: settings.motto, name: inputs.vm_name } };
      },
      async shell({ interactive }, args) { return { status: await interactive("sh", ["-c", ...args]) }; },
      async fail({ host }) { throw host.error("acme.broken", "it is broken", "mend it"); },
    } };
    export default provider;`,
  );
});
afterAll(() => tree.remove());

const run = (...argv: string[]): Promise<Outcome> => landfall(tree.root, argv);

describe("an action", () => {
  test("gets the stack and the words behind --, and its result is the command's", async () => {
    const plain = await run(
      "provider",
      "run",
      stack,
      "greet",
      "--set",
      "PROVIDER_ACME_MOTTO=so",
      "--",
      "a b",
      "--json",
    );
    expect([plain.status, plain.stdout, plain.stderr]).toEqual([0, "hello a b+--json\n", expect.any(String)]);
    const json = await run("provider", "run", stack, "greet", "--json", "--", "you");
    expect(json.result).toMatchObject({
      ok: true,
      command: "provider run",
      stack,
      action: "greet",
      text: "hello you",
      data: { stack, motto: "none", name: "torrust-tracker-dev" },
    });
  });

  test("may take the terminal, and ends with the child's status", async () => {
    expect((await run("provider", "run", stack, "shell", "--", "exit 7")).status).toBe(7);
  });

  test("may not take the terminal where standard output is for a program", async () => {
    const { status, result } = await run("provider", "run", stack, "shell", "--json", "--", "exit 7");
    expect([status, result]).toEqual([
      3,
      expect.objectContaining({ error: expect.objectContaining({ code: "action.terminal" }) }),
    ]);
  });

  test("that fails says why", async () => {
    const { status, stderr } = await run("provider", "run", stack, "fail");
    expect([status, stderr]).toEqual([1, expect.stringMatching(/error: it is broken\nnext: mend it/)]);
  });

  test.each([
    [["provider", "run", stack, "gret"], /no action "gret"[^]*did you mean greet\? it offers: greet, shell, fail/],
    [["provider", "run", "development/existing-host", "greet"], /PROVIDER_EXISTING_HOST_ADDRESS is required/],
    [["provider", "run", stack], /STACK ACTION|fewer|expected/i],
    [["provider", "run", "development", "greet"], /has no stack/],
  ] as const)("%j is refused", async (argv, text) => {
    const { status, stderr } = await run(...argv);
    expect([status, stderr]).toEqual([3, expect.stringMatching(text)]);
  });
});

describe("provider info", () => {
  test("lists actions and runs nothing of the provider", async () => {
    const code = join(folder, "provider.ts");
    const kept = await readFile(code, "utf8");
    await writeFile(code, `throw new Error("it was run");`);
    const shown = await run("provider", "info", "acme");
    expect(shown.stdout).toContain("action greet: Says a word (landfall provider run STACK greet)");
    expect((await run("provider", "info", "acme", "--json")).result["actions"]).toMatchObject({
      greet: { description: "Says a word" },
    });
    await writeFile(code, kept);
  });
});

describe("the console of libvirt", () => {
  const open = async (state: string) => {
    const calls: (string | readonly string[])[] = [];
    const context = {
      settings: { uri: "qemu:///system" },
      inputs: { vm_name: "box" },
      stack: { name: "development/libvirt" },
      host: {
        run: async () => ({ status: 0, stdout: `${state}\n`, stderr: "" }),
        error: (code: string, sentence: string) => Object.assign(new Error(sentence), { code }),
      },
      interactive: async (program: string, args: readonly string[]) => {
        calls.push(program, args);
        return 0;
      },
    } as unknown as ActionContext;
    const result = await libvirt.actions?.["console"]?.(context, ["--force"]);
    return { result, calls };
  };

  test("gives the terminal to virsh", async () => {
    const { result, calls } = await open("running");
    expect(calls).toEqual(["virsh", ["-c", "qemu:///system", "console", "box", "--force"]]);
    expect(result).toEqual({ status: 0 });
  });

  test("needs a machine that runs", async () => {
    await expect(open("shut off")).rejects.toMatchObject({ code: "libvirt.notRunning" });
  });
});
