import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cache, landfall, userState } from "./support/landfall.ts";
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

const main = join(repository, "src", "main.ts");
const environment = () => ({
  ...process.env,
  LANDFALL_CACHE: cache,
  XDG_STATE_HOME: userState(tree.root),
  SKIP_WAIT: "true",
});

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
      [main, ...argv],
      {
        cwd: tree.root,
        timeout: 60_000,
        env: environment(),
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

  test("prepare, while a simulation is being served", async () => {
    await code(`prepare: ${never},`);
    const manifest = join(folder, "provider.yaml");
    const kept = await readFile(manifest, "utf8");
    await writeFile(manifest, `${kept}endpoint: { environment: ACME_URL }\n`);
    await writeFile(
      join(folder, "rehearsal.ts"),
      "export default { simulate: () => ({ routes: [], servers: () => [], resources: () => [], error: () => ({ status: 500, body: {} }) }) };\n",
    );
    const { status, stderr } = await run("rehearse", stack);
    expect([status, stderr]).toEqual([1, expect.stringContaining("error: prepare of provider acme never ends")]);
    await writeFile(manifest, kept);
    await rm(join(folder, "rehearsal.ts"));
  });

  test("inspectMachine and cleanUp: status says so; destroy lets its lock go, and the next one goes on", async () => {
    await code(`inspectMachine: ${never}, cleanUp: ${never},`);
    expect((await landfall(tree.root, ["apply", stack, "--yes"], { SKIP_WAIT: "true" })).status).toBe(0);
    const looked = await run("status", stack);
    expect([looked.status, looked.stdout]).toEqual([
      0,
      expect.stringContaining("inspectMachine of provider acme never ends"),
    ]);
    const { status, stderr } = await run("destroy", stack, "--yes");
    expect([status, stderr]).toEqual([1, expect.stringContaining("error: cleanUp of provider acme never ends")]);
    expect((await landfall(tree.root, ["runs", stack])).stdout).toMatch(/destroy .*failed/);
    await code("");
    expect((await run("destroy", stack, "--yes")).status).toBe(0);
  });
});

test("a simulation is served until it is ended", async () => {
  await tree.addProvider("gale");
  const child = spawn(process.execPath, [main, "simulate", "gale", "--json"], { cwd: tree.root, env: environment() });
  const [served] = (await once(child.stdout, "data")) as [Buffer];
  expect(served.toString()).toContain("127.0.0.1");
  await setTimeout(500);
  expect(child.exitCode).toBeNull();
  child.kill("SIGTERM");
  expect(await once(child, "close")).toEqual([0, null]);
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

  test("provider check: a rule is broken, and the file is named as the user knows it", async () => {
    const away = join(tree.root, "away", "new-cloud");
    await cp(join(repository, "scaffold", "new-cloud"), away, { recursive: true });
    const failing = `{ void Promise.reject(${late}); return []; }`;
    await writeFile(
      join(away, "provider.ts"),
      `export default {\ninspectMachine: () => ({ state: "absent" }),\ncheckPrerequisites: async () => ${failing},\nfindOrphans: async () => [],\n};\n`,
    );
    const { status, stdout, stderr } = await run("provider", "check", away, "--level", "plan");
    expect([status, stdout]).toEqual([1, expect.stringMatching(/FAILED[^]*new-cloud failed: Error: late/)]);
    expect(stdout).toContain(`${join(away, "provider.ts")}:3: `);
    expect(stderr).not.toContain("error:");
  });

  test("--json: the one result is the error", async () => {
    await code(`actions: { greet: async () => { void Promise.reject(${late}); return {}; } },`);
    const { status, stdout, stderr } = await run(...greet, "--json");
    const results = stdout.split("\n").filter((line) => line.includes(`"type":"result"`));
    expect([status, stderr, results.length]).toEqual([1, "", 1]);
    expect(JSON.parse(results[0] ?? "")).toMatchObject({ ok: false, error: { code: "provider.behaviour" } });
  });
});
