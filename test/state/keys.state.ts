import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { filesHolding } from "../support/filesHolding.ts";
import { findTestEngine } from "../support/findTestEngine.ts";
import { landfall, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";

const engine = await findTestEngine();
const [keyA, keyB] = ["a-key-that-is-long-enough-0123", "another-key-that-is-long-enough"];

describe.skipIf(engine === undefined)("keys", () => {
  let tree: Tree;

  beforeEach(async () => {
    tree = await makeTree();
    await tree.addProvider("acme");
  });
  afterEach(() => tree.remove());

  const qa = (...lines: string[]): Promise<void> => tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa", ...lines]);
  const key = (text: string): string => `STATE_ENCRYPTION_KEY=${text}`;
  const previous = (text: string): string => `STATE_ENCRYPTION_KEY_PREVIOUS=${text}`;
  const run = (argv: string[], environment: Record<string, string> = {}): Promise<Outcome> =>
    landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true", ...environment });
  const apply = async (stack = "qa/acme"): Promise<Outcome> => {
    const outcome = await run(["apply", stack, "--yes"]);
    expect(outcome.result, outcome.stdout).toMatchObject({ ok: true });
    return outcome;
  };
  const unchanged = async (stack = "qa/acme"): Promise<void> => {
    const outcome = await run(["plan", stack]);
    expect(outcome.result, outcome.stdout).toMatchObject({ ok: true, changes: false });
  };
  const directory = (stack = "qa/acme"): string => join(tree.root, "infrastructure/stacks", stack);
  const stateFile = (stack = "qa/acme"): string => join(directory(stack), "terraform.tfstate");
  const state = (stack = "qa/acme"): Promise<string> => readFile(stateFile(stack), "utf8");
  const isEncrypted = async (stack = "qa/acme"): Promise<boolean> => (await state(stack)).includes("encrypted_data");
  const environmentFile = (): string => join(tree.root, "infrastructure/config/environments/qa.env");
  const errorOf = ({ result }: Outcome) => result["error"] as { code: string; message: string; exit: number };
  /** A line of the private key, as it stands in a plain state and in nothing that is encrypted. */
  const canary = async (): Promise<RegExp> => {
    const lines = (await readFile(join(directory(), "ssh_host_ed25519_key"), "utf8")).split("\n");
    return new RegExp((lines[2] ?? "").replaceAll("+", "\\+"));
  };

  test("a plain state is encrypted once, and nothing plain is left of it", async () => {
    await qa();
    await apply();
    await mkdir(join(directory(), "snapshots"));
    await copyFile(stateFile(), join(directory(), "snapshots/earlier.tfstate"));
    await run(["apply", "qa/acme", "--yes", "--set", "VM_MEMORY=2000"]);
    const plain = await canary();
    const before = await filesHolding(directory(), plain);
    expect(before).toContain("terraform.tfstate");
    expect(before).toContain("terraform.tfstate.backup");

    await qa(key(keyA));
    const { events } = await run(["apply", "qa/acme", "--yes", "--set", "VM_MEMORY=2000"]);
    expect(events.filter(({ code }) => code === "state.converted")).toHaveLength(1);
    expect(await isEncrypted()).toBe(true);
    expect(await filesHolding(directory(), plain)).toEqual(["ssh_host_ed25519_key"]);
    expect(await readdir(join(directory(), "snapshots"))).toHaveLength(2);
    expect((await apply()).stdout).not.toContain("state.converted");
    expect(await filesHolding(directory(), plain)).toEqual(["ssh_host_ed25519_key"]);
    expect(await filesHolding(tree.root, new RegExp(keyA))).toEqual(["infrastructure/config/environments/qa.env"]);
  });

  test("a snapshot can be put back", async () => {
    await qa();
    await apply();
    await qa(key(keyA));
    await apply();
    const [snapshot = ""] = await readdir(join(directory(), "snapshots"));
    await rm(stateFile());
    await copyFile(join(directory(), "snapshots", snapshot), stateFile());
    await unchanged();
  });

  test("with a wrong key, none, or a damaged state: an error, and not a byte is changed", async () => {
    await qa(key(keyA));
    await apply();
    const good = await readFile(stateFile());
    const cases: [lines: string[], state: Buffer, code: string, exit: number][] = [
      [[key(keyB)], good, "engine.stateKey", 3],
      [[key(keyB), previous("a-third-key-which-is-wrong-too")], good, "engine.stateKey", 3],
      [[], good, "engine.stateEncrypted", 3],
      [[key(keyA)], good.subarray(0, good.length - 200), "state.unreadable", 7],
      [[key(keyA)], Buffer.alloc(0), "state.unreadable", 7],
      [[key(keyA)], changed(good), "engine.stateKey", 3],
    ];
    for (const [lines, content, code, exit] of cases) {
      await qa(...lines);
      await writeFile(stateFile(), content);
      for (const command of [
        ["apply", "qa/acme", "--yes"],
        ["plan", "qa/acme"],
        ["destroy", "qa/acme", "--yes"],
      ]) {
        const outcome = await run(command);
        expect(errorOf(outcome), `${command[0]} ${lines.join(" ")} ${outcome.stdout}`).toMatchObject({ code, exit });
        expect((await readFile(stateFile())).equals(content)).toBe(true);
      }
    }
    await qa(key(keyA));
    await writeFile(stateFile(), good);
    await unchanged();
  });

  test("a key that does not stand in the file, or is overridden, is not rotated", async () => {
    await writeFile(join(tree.root, "kept"), `${keyA}\n`, { mode: 0o600 });
    await qa(`STATE_ENCRYPTION_KEY=\${secret:file:${join(tree.root, "kept")}}`);
    await apply();
    const before = await readFile(environmentFile(), "utf8");
    const refused = await run(["state", "rotate", "qa"]);
    expect(errorOf(refused)).toMatchObject({ code: "state.noKey", exit: 3 });
    expect(refused.stdout).toContain("STATE_ENCRYPTION_KEY_PREVIOUS");
    expect(await readFile(environmentFile(), "utf8")).toBe(before);
    await qa(key(keyA), previous(""));
    const overridden = await run(["state", "rotate", "qa"], { STATE_ENCRYPTION_KEY: keyA });
    expect(errorOf(overridden)).toMatchObject({ code: "state.keyOverridden", exit: 3 });
    // An empty previous key is none.
    expect((await run(["state", "rotate", "qa"])).result).toMatchObject({ ok: true, resumed: false });
  });

  /** One character of the ciphertext is another one. */
  function changed(good: Buffer): Buffer {
    const content = JSON.parse(good.toString()) as { encrypted_data: string };
    const at = Math.floor(content.encrypted_data.length / 2);
    const other = content.encrypted_data[at] === "A" ? "B" : "A";
    const data = content.encrypted_data.slice(0, at) + other + content.encrypted_data.slice(at + 1);
    return Buffer.from(JSON.stringify({ ...content, encrypted_data: data }));
  }
});
