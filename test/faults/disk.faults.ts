import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkStream } from "../support/leakSeen.ts";
import { userState } from "../support/landfall.ts";
import { makeTree, repository, type Tree } from "../support/makeTree.ts";

const stack = "development/acme";
let tree: Tree;
let directory: string;

beforeAll(async () => {
  tree = await makeTree();
  await tree.addProvider("acme");
  directory = join(tree.root, "infrastructure", "stacks", stack);
});
afterAll(() => tree.remove());

interface Ended {
  status: number;
  output: string;
}

/** An apply under strace, which makes calls fail as `injection` says. Whether one did is in `injected`. */
async function applyWhile(injection: readonly string[]): Promise<Ended & { injected: boolean }> {
  const command = [process.execPath, join(repository, "src", "main.ts"), "apply", stack, "--yes", "--verbose"];
  const log = join(tree.root, "strace.log");
  const ended = await run("strace", ["-f", "-qq", "-o", log, ...injection, ...command]);
  return { ...ended, injected: (await readFile(log, "utf8")).includes("INJECTED") };
}

const landfall = (verb: string): Promise<Ended> =>
  run(process.execPath, [join(repository, "src", "main.ts"), verb, stack, "--yes"]);

function run(program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const environment = {
      ...process.env,
      LANDFALL_ROOT: tree.root,
      XDG_STATE_HOME: userState(tree.root),
      SKIP_WAIT: "true",
      NO_COLOR: "1",
      UV_THREADPOOL_SIZE: "1",
    };
    const child = execFile(program, args, { env: environment }, (_error, stdout, stderr) => {
      checkStream(program, stdout + stderr);
      resolve({ status: child.exitCode ?? -1, output: stdout + stderr });
    });
  });
}

const machineOf = (state: string): unknown =>
  (JSON.parse(state) as { resources: { name: string; instances: { attributes: { id: string } }[] }[] }).resources.find(
    ({ name }) => name === "machine",
  )?.instances[0]?.attributes.id;

/** What failed is said, with the next step; nothing that was made is lost or made twice, and the same command goes on. */
async function expectRecovery(failed: Ended): Promise<void> {
  expect(failed.status, failed.output).not.toBe(70);
  if (failed.status !== 0) expect(failed.output).toMatch(/next: \S/);
  const made = await machine();
  let again = await landfall("apply");
  if (again.status === 7) {
    // The engine could not save the state: what it left instead is taken over.
    const recovered = await landfall("recover");
    expect(recovered.status, recovered.output).toBe(0);
    again = await landfall("apply");
  }
  expect(again.status, again.output).toBe(0);
  if (made !== undefined) expect(await machine(), again.output).toBe(made);
  expect(await machine()).toBeDefined();
  const settled = await landfall("apply");
  expect([settled.status, settled.output.includes("to create")]).toEqual([0, false]);
}

/** From the state, or from what the engine put beside it where it could not write the state. */
async function machine(): Promise<unknown> {
  for (const name of ["terraform.tfstate", "errored.tfstate"]) {
    const text = await readFile(join(directory, name), "utf8").catch(() => "");
    if (text !== "") return machineOf(text);
  }
  return undefined;
}

/** Nothing is known of the stack, outside of the clone neither. */
async function forget(): Promise<void> {
  for (const place of [directory, userState(tree.root)]) await rm(place, { recursive: true, force: true });
}
beforeEach(forget);

describe("a disk that fails", () => {
  test.each(["rename", "fsync"])("at any %s", async (call) => {
    const statuses: number[] = [];
    for (let count = 1; ; count += 1) {
      await forget();
      // One thread writes all files, so that they can be counted.
      const failed = await applyWhile(["-e", `trace=${call}`, "-e", `inject=${call}:error=EIO:when=${count}`]);
      if (!failed.injected) break;
      await expectRecovery(failed);
      statuses.push(failed.status);
    }
    expect(statuses.length).toBeGreaterThan(10);
    expect(statuses.filter((status) => status !== 0).length).toBeGreaterThan(8);
  });

  test.each(["terraform.tfstate", "plan.tfplan"])("at the engine's own %s", async (file) => {
    const failed = await applyWhile(["-P", join(directory, file), "-e", "inject=write:error=ENOSPC"]);
    expect([failed.injected, failed.status], failed.output).toEqual([true, 1]);
    await expectRecovery(failed);
  });
});
