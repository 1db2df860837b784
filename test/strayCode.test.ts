import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cache, userState } from "./support/landfall.ts";
import { makeTree, repository, type Tree } from "./support/makeTree.ts";

/** Code of a provider that never ends, or that fails where nobody awaits it: never a silent success, never a raw stack. */
let tree: Tree;
let folder: string;
const stack = "development/acme";
const never = "() => new Promise(() => undefined)";

beforeAll(async () => {
  tree = await makeTree();
  folder = await tree.addProvider("acme");
  const manifest = join(folder, "provider.yaml");
  const text = await readFile(manifest, "utf8");
  await writeFile(manifest, `${text}actions:\n  greet: { description: Says a word }\n`);
});
afterAll(() => tree.remove());

interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

/** In a process of its own: what is tried is how a process ends. */
function run(...argv: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(repository, "src", "main.ts"), ...argv],
      {
        cwd: tree.root,
        timeout: 60_000,
        env: { ...process.env, LANDFALL_CACHE: cache, XDG_STATE_HOME: userState(tree.root), SKIP_WAIT: "true" },
      },
      (_error, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

const code = async (functions: string, before = ""): Promise<void> =>
  writeFile(
    join(folder, "provider.ts"),
    `${before}\nexport default {\nactions: { greet: async () => ({}) },\n${functions}\n};\n`,
  );
const greet = ["provider", "run", stack, "greet"];

describe("what never ends", () => {
  test.each([
    ["checkPrerequisites", `checkPrerequisites: ${never},`, ["doctor", "acme"], 1],
    ["checkPrerequisites", `checkPrerequisites: ${never},`, ["plan", stack], 1],
    ["prepare", `prepare: ${never},`, ["plan", stack], 1],
    ["the action greet", `actions: { greet: ${never} },`, greet, 1],
  ] as const)("%s, %s with %j", async (name, functions, argv, exit) => {
    await code(functions);
    const { status, stderr } = await run(...argv);
    expect([status, stderr]).toEqual([exit, expect.stringContaining(`error: ${name} of provider acme never ends`)]);
    expect(stderr).toContain(`mend ${join(folder, "provider.ts")}`);
    expect(stderr).not.toContain("bug");
  });

  test("loading the file", async () => {
    await code("", "await new Promise(() => undefined);");
    const { status, stderr } = await run("doctor", "acme");
    expect([status, stderr]).toEqual([
      3,
      expect.stringContaining("the code of provider acme cannot be loaded: it waits"),
    ]);
    expect(stderr).toContain(join(folder, "provider.ts"));
  });

  test("inspectMachine: status goes on and says so", async () => {
    await code("");
    expect((await run("apply", stack, "--yes")).status).toBe(0);
    await code(`inspectMachine: ${never},`);
    const { status, stdout } = await run("status", stack);
    expect([status, stdout]).toEqual([0, expect.stringContaining("inspectMachine of provider acme never ends")]);
  });

  test("cleanUp: the lock is let go, and the next destroy goes on", async () => {
    await code(`cleanUp: ${never},`);
    expect((await run("apply", stack, "--yes")).status).toBe(0);
    const { status, stderr } = await run("destroy", stack, "--yes");
    expect([status, stderr]).toEqual([1, expect.stringContaining("error: cleanUp of provider acme never ends")]);
    await code("");
    expect((await run("runs", stack)).stdout).toMatch(/destroy .*failed/);
    expect((await run("destroy", stack, "--yes")).status).toBe(0);
  });
});

describe("what fails where nobody awaits it", () => {
  const late = `new Error("late")`;
  test.each([
    ["a promise in a function", `actions: { greet: async () => { void Promise.reject(${late}); return {}; } },`, "", 4],
    [
      "a timer, while the function is awaited",
      `actions: { greet: () => new Promise(() => setTimeout(() => { throw ${late}; }, 5)) },`,
      "",
      4,
    ],
    [
      "a timer, after the command's end",
      `actions: { greet: async () => { setTimeout(() => { throw ${late}; }, 300); return {}; } },`,
      "",
      4,
    ],
    ["a promise while the file is loaded", "", `void Promise.reject(${late});`, 1],
  ])("%s", async (_what, functions, before, line) => {
    await code(functions, before);
    const { status, stderr } = await run(...greet);
    const file = join(folder, "provider.ts");
    expect([status, stderr]).toEqual([1, expect.stringContaining(`of provider acme failed: Error: late`)]);
    expect(stderr).toContain(`${file}:${line}: Error: late`);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test("--json: the one result is the error", async () => {
    await code(`actions: { greet: async () => { void Promise.reject(${late}); return {}; } },`);
    const { status, stdout, stderr } = await run(...greet, "--json");
    const results = stdout.split("\n").filter((line) => line.includes(`"type":"result"`));
    expect([status, stderr, results.length]).toEqual([1, "", 1]);
    expect(JSON.parse(results[0] ?? "")).toMatchObject({ ok: false, error: { code: "provider.behaviour" } });
  });
});
