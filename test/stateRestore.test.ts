import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Terminal } from "../src/ports/Terminal.ts";
import { checkState } from "../src/stacks/checkState.ts";
import { canary } from "./support/canary.ts";
import { landfall, userState, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

const key = `STATE_ENCRYPTION_KEY=${canary("the key of a state that is restored")}`;
const more = ["--set", "VM_MEMORY=3000"];
let tree: Tree;

beforeEach(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
});
afterEach(() => tree.remove());

const environment = (name: string, ...lines: string[]): Promise<void> =>
  tree.environment(name, [`ENVIRONMENT=${name}`, `VM_NAME=${name}`, ...lines]);
const run = (argv: readonly string[], variables = {}, terminal: Partial<Terminal> = {}): Promise<Outcome> =>
  landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true", ...variables }, terminal);
const good = async (...argv: string[]): Promise<Record<string, unknown>> => {
  const { result, stdout } = await run(argv);
  expect(result, stdout).toMatchObject({ ok: true });
  return result;
};
const apply = (stack: string, ...rest: string[]) => good("apply", stack, "--yes", ...rest);
const failure = async (...argv: string[]) => (await run(argv)).result["error"] as { code: string; hint: string };
const stack = (name: string, of = "qa"): string => join(tree.root, "infrastructure/stacks", of, "acme", name);
const state = (): Promise<string> => readFile(stack("terraform.tfstate"), "utf8");
const put = (text: string): Promise<void> => writeFile(stack("terraform.tfstate"), text, { mode: 0o600 });
const snapshots = async () => (await good("state", "snapshots", "qa/acme"))["snapshots"] as { name: string }[];
const isSame = async (): Promise<void> =>
  expect(await good("plan", "qa/acme", ...more)).toMatchObject({ changes: false });

describe.each([
  ["plain", []],
  ["encrypted", [key]],
])("a state that is %s", (_kind, lines) => {
  beforeEach(async () => {
    await environment("qa", ...lines);
    await apply("qa/acme");
    await apply("qa/acme", ...more);
  });

  test("cut at every byte is refused at every byte, and a snapshot brings it back to an empty plan", async () => {
    const whole = await state();
    let text = "";
    const ports = { files: { read: async () => text }, emit: () => undefined };
    const check = (): Promise<void> => checkState({ state: "s", directory: "/qa/acme" }, false, ports as never);
    const end = whole.trimEnd().length;
    for (let length = 0; length < end; length += 1) {
      text = whole.slice(0, length);
      await expect(check(), `${length} bytes`).rejects.toMatchObject({ code: "state.unreadable", exit: 7 });
    }
    text = whole;
    await check();

    for (const length of [0, 1, Math.floor(end / 2), end - 1]) {
      await put(whole.slice(0, length));
      for (const argv of [["plan"], ["apply", "--yes"], ["destroy", "--yes"], ["refresh"]]) {
        const [verb = "", ...flags] = argv;
        expect(await failure(verb, "qa/acme", ...flags), `${verb}, ${length} bytes`).toMatchObject({
          code: "state.unreadable",
          hint: expect.stringContaining("landfall recover qa/acme"),
        });
      }
      expect(await state()).toBe(whole.slice(0, length));
      const restored = await good("state", "restore", "qa/acme", "--yes");
      expect(await readFile(restored["replaced"] as string, "utf8")).toBe(whole.slice(0, length));
      await isSame();
    }
    await apply("qa/acme", ...more);
  });

  test("that is older than what is known is refused, and put right", async () => {
    const older = (await snapshots()).at(-1)?.name ?? "";
    await copyFile(stack(`snapshots/${older}`), stack("terraform.tfstate"));
    const hint = expect.stringContaining("landfall state restore qa/acme") as string;
    for (const verb of ["plan", "apply", "destroy"])
      expect(await failure(verb, "qa/acme", "--yes")).toMatchObject({ code: "state.older", hint, exit: 7 });
    await good("state", "restore", "qa/acme", "--yes");
    await isSame();
    expect(await failure("state", "restore", "qa/acme", "--yes")).toMatchObject({ code: "state.whole" });
  });

  test("that is another stack's is refused, and put right; so is a snapshot of another one", async () => {
    await environment("other", ...lines);
    await apply("other/acme");
    await copyFile(stack("terraform.tfstate", "other"), stack("terraform.tfstate"));
    const hint = expect.stringContaining("landfall state restore qa/acme") as string;
    expect(await failure("plan", "qa/acme")).toMatchObject({ code: "state.swapped", hint });
    await good("state", "restore", "qa/acme", "--yes");
    await isSame();
    const [foreign = ""] = await readdir(stack("snapshots", "other"));
    await copyFile(stack(`snapshots/${foreign}`, "other"), stack(`snapshots/${foreign}`));
    expect(await failure("state", "restore", "qa/acme", foreign, "--yes")).toMatchObject({ code: "state.foreign" });
  });

  test("that is damaged is put right by the newest good one of this stack's own, whatever else lies there", async () => {
    await environment("other", ...lines);
    await apply("other/acme");
    const foreign = (await readdir(stack("snapshots", "other"))).at(-1) ?? "";
    const content = JSON.parse(await readFile(stack(`snapshots/${foreign}`, "other"), "utf8")) as object;
    await writeFile(
      stack(`snapshots/${foreign.replace(/-\d+\./, "-99.")}`),
      JSON.stringify({ ...content, serial: 99 }),
    );
    await put("");
    await good("state", "restore", "qa/acme", "--yes");
    await isSame();
  });

  test("comes back from outside the clone", async () => {
    const before = await snapshots();
    await rm(stack(""), { recursive: true });
    expect(await snapshots()).toHaveLength(before.filter(({ name }) => !name.endsWith(".backup")).length);
    const restored = await good("state", "restore", "qa/acme", "--yes");
    expect(restored).toMatchObject({ snapshot: { file: expect.stringContaining(userState(tree.root)) } });
    await isSame();
  });
});

test("snapshots are listed newest first, with what they hold and why they were kept", async () => {
  await environment("qa");
  await apply("qa/acme");
  await apply("qa/acme", ...more);
  await writeFile(stack("snapshots/20990101T000000000Z-abcdef-99.tfstate"), '{"serial": 99');
  const listed = await snapshots();
  const serials = listed.map((one) => (one as unknown as { state: { serial: number } }).state.serial);
  expect(serials).toEqual(serials.toSorted((one, other) => other - one));
  expect(listed[0]).toMatchObject({ operation: "apply", encrypted: false, resources: expect.any(Number) });
  const { stdout } = await landfall(tree.root, ["state", "snapshots", "qa/acme"]);
  expect(stdout).toMatch(/^SNAPSHOT +TIME +SERIAL/);
  await environment("qa", key);
  await good("plan", "qa/acme");
  expect((await landfall(tree.root, ["state", "snapshots", "qa/acme"])).stdout).toContain("encrypted");
});

describe("an earlier state that is named", () => {
  const things = "module.provider.terraform_data.machine";
  let first: string;

  beforeEach(async () => {
    await environment("qa");
    await apply("qa/acme");
    first = (await snapshots())[0]?.name ?? "";
    // A state from before the machine was made, under its lineage.
    const text = await readFile(stack(`snapshots/${first}`), "utf8");
    const content = JSON.parse(text) as { resources: { module?: string }[] };
    const resources = content.resources.filter(({ module }) => module === undefined);
    first = first.replace(/-\d+\.tfstate$/, "-0.tfstate");
    await writeFile(stack(`snapshots/${first}`), JSON.stringify({ ...content, serial: 0, resources }));
  });

  test("of a machine that was replaced since forgets the one that runs, and says so", async () => {
    const present = JSON.parse(await state()) as {
      resources: { module?: string; instances: { attributes: { id: string } }[] }[];
    };
    const older = first.replace("-0.tfstate", "-1.tfstate");
    for (const { module, instances } of present.resources)
      if (module !== undefined) for (const { attributes } of instances) attributes.id = "the-former-one";
    await writeFile(stack(`snapshots/${older}`), JSON.stringify({ ...present, serial: 1 }));
    const refused = await run(["state", "restore", "qa/acme", older]);
    expect(refused.result).toMatchObject({ error: { code: "confirmation.needed", exit: 5 } });
    const restored = await good("state", "restore", "qa/acme", older, "--yes");
    expect(restored).toMatchObject({
      remembered: [expect.stringMatching(/\(the-former-one\)$/)],
      forgotten: [expect.stringContaining(things)],
    });
    expect((await run(["plan", "qa/acme"])).stdout).toContain("what exists has to be compared with it");
  });

  test("is shown before it is taken, and nothing is lost: what it replaces can be put back", async () => {
    const before = await state();
    const refused = await run(["state", "restore", "qa/acme", first]);
    expect(refused.result).toMatchObject({ error: { code: "confirmation.needed", exit: 5 } });
    expect(refused.stdout).toContain(`forgotten: ${things}`);
    expect(await state()).toBe(before);

    const restored = await good("state", "restore", "qa/acme", first, "--yes");
    expect(restored).toMatchObject({
      remembered: [],
      forgotten: expect.arrayContaining([expect.stringContaining(things)]),
    });
    expect(await readFile(restored["replaced"] as string, "utf8")).toBe(before);
    const { stdout } = await run(["plan", "qa/acme"]);
    expect(stdout).toContain("what exists has to be compared with it");

    const replaced = (restored["replaced"] as string).replace(/.*\//, "");
    await good("state", "restore", "qa/acme", replaced, "--yes");
    await apply("qa/acme");
    expect(await good("plan", "qa/acme")).toMatchObject({ changes: false });
    expect((await run(["plan", "qa/acme"])).stdout).not.toContain("has to be compared");
  });

  test("needs the stack's name where the environment is protected", async () => {
    const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8qY0R9x0m9v1y9m6M0wX3cQyJm0s3i0p0v1y2b3c4d test";
    await environment("qa", "PROTECTED=true", `SSH_PUBLIC_KEY='${publicKey}'`, "STATE_ENCRYPTION_KEY=");
    expect(await failure("state", "restore", "qa/acme", first, "--yes")).toMatchObject({ code: "confirmation.needed" });
    const named = await run(["state", "restore", "qa/acme", first], { CONFIRM: "qa/acme" });
    expect(named.result, named.stdout).toMatchObject({ ok: true });
  });

  test("has to be there, and to be the only one of that name", async () => {
    for (const name of ["2001", "20"])
      expect(await failure("state", "restore", "qa/acme", name, "--yes")).toMatchObject({
        code: "state.noSnapshot",
        hint: expect.stringContaining("landfall state snapshots qa/acme"),
      });
  });
});
