import { spawn, type ChildProcess } from "node:child_process";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTree, repository, type Tree } from "../support/makeTree.ts";
import { startLandfall } from "../support/startLandfall.ts";

/** RACES chooses how many. */
const races = Number(process.env["RACES"] ?? 200);
const contenders = 4;

let directory: string;
let tree: Tree;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "landfall-races-"));
  tree = await makeTree();
  await tree.addProvider("acme");
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  await tree.remove();
});

/** The next line that a contender says. */
const said = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => child.stdout?.once("data", (text: Buffer) => resolve(text.toString().trim())));
const ended = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once("close", resolve));

test(`${races} races for one lock have one winner each, and no lock outlives a winner that is killed`, async () => {
  const file = join(directory, "run.lock");
  const program = join(repository, "test", "support", "contendForLock.ts");
  for (let race = 0; race < races; race += 1) {
    const children = Array.from({ length: contenders }, () => spawn(process.execPath, [program, file]));
    const endings = children.map(ended);
    await Promise.all(children.map(said));
    const words = children.map(said);
    for (const child of children) child.stdin.write("go");
    const outcomes = await Promise.all(words);
    const losers = outcomes.filter((word) => word === "stack.locked");
    expect([outcomes.filter((word) => word === "won").length, losers.length], `race ${race}: ${outcomes}`).toEqual([
      1,
      contenders - 1,
    ]);
    for (const child of children) {
      if (race % 2 === 0) child.kill("SIGKILL");
      else child.stdin.end();
    }
    await Promise.all(endings);
  }
});

test("of applies that begin at once, one works and the others are refused at once", async () => {
  const stack = "development/acme";
  const [begun, go] = [join(tree.root, "begun"), join(tree.root, "go")];
  const command = `test ! -e ${begun} && touch ${begun} && while [ ! -e ${go} ]; do sleep 0.05; done`;
  const main = join(tree.root, "infrastructure", "terraform", "providers", "acme", "main.tf");
  await appendFile(
    main,
    `\nresource "terraform_data" "slow" {\n  triggers_replace = [timestamp()]\n  provisioner "local-exec" {\n    command = "${command}"\n  }\n}\n`,
  );
  for (let race = 0; race < Math.ceil(races / 20); race += 1) {
    await Promise.all([begun, go].map((path) => rm(path, { force: true })));
    const runs = Array.from({ length: contenders }, () =>
      startLandfall(["apply", stack, "--yes", "--json", "--skip-wait"], tree.root),
    );
    const losing: number[] = [];
    const finished = runs.map(async ({ finished: end }) => {
      const { status, result, stdout } = await end;
      if (status !== 0) losing.push(status);
      // The winner works until everybody else has been told.
      if (losing.length === contenders - 1) await writeFile(go, "");
      return { status, result, stdout };
    });
    const all = await Promise.all(finished);
    const told = all.map(({ stdout }) => stdout.slice(-600)).join("\n");
    expect(all.map(({ status }) => status).toSorted(), told).toEqual([0, 6, 6, 6]);
    for (const { result } of all)
      if (result.ok === false) expect(result["error"]).toMatchObject({ code: "stack.locked" });
  }
});
