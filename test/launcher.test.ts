import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const repository = join(import.meta.dirname, "..");
let base: string;
/** A clone that was never run, in a path that needs quotes. */
let tree: string;
/** First on PATH: stand-ins for npm and apt-get. */
let programs: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "landfall launcher "));
  tree = join(base, "a clone");
  programs = join(base, "programs");
  await mkdir(join(tree, "src"), { recursive: true });
  await mkdir(programs);
  for (const name of ["landfall", "scripts", "package.json", "package-lock.json"]) {
    await cp(join(repository, name), join(tree, name), { recursive: true });
  }
  await writeMain("first");
  await program("npm", installing);
});
afterEach(() => rm(base, { recursive: true, force: true }));

test("the first run installs and bundles, says so on standard error, and passes every argument on", async () => {
  const { status, stdout, stderr } = await run(["apply", "two words", "", "--", "$(id)"]);
  expect(stderr).toMatch(/npm packages: \d+\.\d s/);
  expect(stderr).toMatch(/bundle of Landfall's sources: \d+\.\d s/);
  expect(JSON.parse(stdout)).toEqual({ version: "first", argv: ["apply", "two words", "", "--", "$(id)"] });
  expect(status).toBe(0);
  expect(await npmCalls()).toEqual([expect.stringMatching(/^ci .*--omit=dev .*--ignore-scripts/)]);
});

test("a prepared tree runs from anywhere and through links, without preparing and without npm", async () => {
  await run([]);
  await rm(join(programs, "npm"));
  await symlink(join(tree, "landfall"), join(base, "link"));
  await symlink("link", join(base, "link to link"));
  for (const path of [join(tree, "landfall"), join(base, "link to link")]) {
    expect(await run(["x"], { path, directory: "/" })).toEqual({
      status: 0,
      stdout: '{"version":"first","argv":["x"]}\n',
      stderr: "",
    });
  }
  expect((await run(["x"], { path: "./landfall", directory: tree })).stderr).toBe("");
});

test("a changed source is bundled again, and nothing is installed again", async () => {
  await run([]);
  await writeMain("second");
  const { stdout, stderr } = await run([]);
  expect(stdout).toContain("second");
  expect(stderr).not.toContain("npm packages");
  expect((await run([])).stderr).toBe("");
});

test("a lock file that asks for something else is installed", async () => {
  await run([]);
  const lock = await readFile(join(tree, "package-lock.json"), "utf8");
  await writeFile(join(tree, "package-lock.json"), lock.replace(/("node_modules\/zod": \{\s*"version": ")/, "$19"));
  await run([]);
  expect(await npmCalls()).toHaveLength(2);
});

test("a lock file that is only newer is checked and not installed again", async () => {
  await run([]);
  await utimes(join(tree, "package-lock.json"), new Date(), new Date());
  expect((await run([])).status).toBe(0);
  expect(await npmCalls()).toHaveLength(1);
});

test("npm's failure is shown with the next step, and the next run gets there", async () => {
  await program("npm", "echo 'npm error code ENOTFOUND'; exit 1");
  const failed = await run([]);
  expect(failed.status).toBe(4);
  expect(failed.stdout).toBe("");
  expect(failed.stderr).toMatch(/ENOTFOUND[^]*error: the npm packages could not be installed\nnext: /);
  await program("npm", installing);
  expect((await run([])).stdout).toContain("first");
});

test("killed while npm works, the next run gets there", async () => {
  await program("npm", "mkdir -p node_modules/zod; touch started; sleep 60");
  const child = spawn(join(tree, "landfall"), [], { env: environment(), detached: true, stdio: "ignore" });
  await fileAppears(join(tree, "started"));
  process.kill(-(child.pid ?? 0), "SIGKILL");
  await once(child, "exit");
  await rm(join(tree, "node_modules"), { recursive: true });
  await program("npm", installing);
  expect((await run([])).stdout).toContain("first");
});

test("an interrupt while npm works says that the same command goes on", async () => {
  await program("npm", "touch started; sleep 60");
  const child = spawn(join(tree, "landfall"), [], { env: environment(), detached: true });
  let stderr = "";
  child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
  await fileAppears(join(tree, "started"));
  process.kill(-(child.pid ?? 0), "SIGINT");
  const [status] = (await once(child, "close")) as [number];
  expect(status).toBe(130);
  expect(stderr).toContain("the same command goes on from here");
});

test("two first runs at the same time install once, and both run", async () => {
  await program("npm", `sleep 0.5; ${installing}`);
  const both = await Promise.all([run(["one"]), run(["two"])]);
  expect(both.map(({ status }) => status)).toEqual([0, 0]);
  expect(both.map(({ stderr }) => stderr).join("")).toContain("another Landfall prepares this tree");
  expect(await npmCalls()).toHaveLength(1);
});

test("a bundle that was cut off is never started", async () => {
  await run([]);
  await writeFile(join(tree, "src", "main.ts"), "this is no program (");
  const broken = await run([]);
  expect(broken.status).toBe(1);
  expect(broken.stderr).toMatch(/error: Landfall's sources could not be bundled\nnext: /);
  await writeMain("mended");
  expect((await run([])).stdout).toContain("mended");
});

test("with --json every line is an event, and a failure is a result", async () => {
  const lines = (text: string): { type: string; step?: string }[] =>
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string });
  const good = await run(["providers", "--json"]);
  expect(good.stderr).toBe("");
  expect(lines(good.stdout).map(({ type, step }) => `${type} ${step}`)).toEqual([
    "step.started npm",
    "step.finished npm",
    "step.started bundle",
    "step.finished bundle",
    "undefined undefined",
  ]);
  await rm(join(tree, "node_modules"));
  await program("npm", String.raw`printf 'a "quoted"\ttab \033[31m\\ back\n'; exit 1`);
  const failed = await run(["providers", "--json"]);
  expect(lines(failed.stdout).at(-2)).toMatchObject({ type: "step.failed", step: "npm" });
  expect(lines(failed.stdout).at(-1)).toMatchObject({
    type: "result",
    ok: false,
    error: { code: "prepare.npm", exit: 4 },
  });
});

test("--json after -- belongs to somebody else", async () => {
  expect((await run(["ssh", "x", "--", "ls", "--json"])).stderr).toContain("npm packages");
});

test("without Node it names the one command, and installs nothing unasked", async () => {
  await bareComputer();
  const { status, stderr } = await run([], { path: join(tree, "landfall"), bare: true });
  expect(status).toBe(4);
  expect(stderr).toMatch(/error: Node 18 or newer with npm is missing\nnext: .*apt-get install .*nodejs npm/);
});

test("without Node and allowed to, it installs it and goes on", async () => {
  await bareComputer();
  const { status, stdout, stderr } = await run(["--yes"], { bare: true });
  expect(stderr).toContain("apt-get install");
  expect(stdout).toContain("first");
  expect(status).toBe(0);
});

test("without Node and without apt-get it says where to get it", async () => {
  await bareComputer();
  await rm(join(programs, "apt-get"));
  const { status, stderr } = await run(["--yes"], { bare: true });
  expect(status).toBe(4);
  expect(stderr).toContain("https://nodejs.org");
});

/** What `npm ci` leaves behind, without its download. */
const installing = `ln -sfn ${JSON.stringify(join(repository, "node_modules"))} node_modules`;

/** A stand-in that runs in the tree and records how it was called. */
async function program(name: string, body: string): Promise<void> {
  const path = join(programs, name);
  const script = `#!/bin/bash\ncd ${JSON.stringify(tree)}\necho "$*" >>${JSON.stringify(join(base, name))}.calls\n${body}\n`;
  await writeFile(path, script);
  await chmod(path, 0o755);
}

/** Only what every distribution has, and an apt-get that brings Node and npm. */
async function bareComputer(): Promise<void> {
  const tools = ["bash", "sh", "env", "uname", "dirname", "mktemp", "rm", "cat", "head", "tail", "wc", "tr", "ln"];
  for (const tool of [...tools, "flock", "readlink", "sudo", "mv"]) {
    await symlink(`/usr/bin/${tool}`, join(programs, tool));
  }
  const hidden = join(base, "npm");
  await cp(join(programs, "npm"), hidden);
  await rm(join(programs, "npm"));
  const quoted = [hidden, programs, process.execPath].map((path) => JSON.stringify(path));
  await program(
    "apt-get",
    `if [ "$1" = install ]; then mv ${quoted[0]} ${quoted[1]}; ln -s ${quoted[2]} ${quoted[1]}/node; fi`,
  );
  await rm(join(programs, "sudo"));
  await writeFile(join(programs, "sudo"), '#!/bin/bash\n"$@"\n', { mode: 0o755 });
}

function writeMain(version: string): Promise<void> {
  const source = `console.log(JSON.stringify({ version: "${version}", argv: process.argv.slice(2) }));\n`;
  return writeFile(join(tree, "src", "main.ts"), source);
}

async function npmCalls(): Promise<string[]> {
  return (await readFile(join(base, "npm.calls"), "utf8")).trim().split("\n");
}

async function fileAppears(path: string): Promise<void> {
  for (;;) {
    if ((await readFile(path).catch(() => undefined)) !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** PATH is what a user's shell has: without the node_modules/.bin that started these tests. */
function environment(bare = false): NodeJS.ProcessEnv {
  return { HOME: base, TMPDIR: base, PATH: bare ? programs : `${programs}:/usr/local/bin:/usr/bin:/bin` };
}

interface RunOptions {
  path?: string;
  directory?: string;
  bare?: boolean;
}

function run(
  argv: string[],
  { path = join(tree, "landfall"), directory = base, bare = false }: RunOptions = {},
): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(path, argv, { cwd: directory, env: environment(bare) }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    child.stdin?.end();
  });
}
