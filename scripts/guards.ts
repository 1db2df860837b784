import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parse } from "yaml";

/**
 * guards.ts [TEXT]...: takes away each guard of test/guards/ (or those that one of the TEXTs is found in), one at a time and in a copy
 * of this tree, and sees that the test that is named fails. What no test misses fails the run, and so does code or a
 * test that is no longer there. GUARD_WORKERS copies are worked on at once. The last line is `N passed, N failed`.
 * With --places it only sees that the code and the test of each are there.
 */
interface Guard {
  /** What it promises. */
  guard: string;
  file: string;
  /** Stands in the file exactly once. */
  code: string;
  /** In its place the guard is gone. */
  instead: string;
  /** `FILE > TEXT of the test's whole name`. */
  test: string;
}

interface Result {
  file: string;
  name: string;
  status: string;
  message: string;
}

const repository = join(import.meta.dirname, "..");
const onlyPlaces = process.argv[2] === "--places";
const wanted = process.argv.slice(onlyPlaces ? 3 : 2);
const workers = Number(process.env["GUARD_WORKERS"] ?? 2);

/** Longer than where tests run for themselves: others may be at work on this computer. */
const testMs = 240_000;
const isWanted = (guard: Guard): boolean => wanted.some((text) => JSON.stringify(guard).includes(text));
const guards = readGuards().filter((guard) => wanted.length === 0 || isWanted(guard));
const broken = guards.flatMap(({ guard, file, code, instead }) => {
  const found = readFileSync(join(repository, file), "utf8").split(code).length - 1;
  if (instead === code) return [`${guard}: nothing is changed`];
  return found === 1 ? [] : [`${guard}: its code stands ${found} times in ${file}, not once:\n${code}`];
});
for (const { guard, test } of guards) if (!mayBeThere(test)) broken.push(`${guard}: there is no test ${test}`);
if (guards.length === 0) broken.push(`no guard has the text ${wanted.join(" or ")}`);

const verdicts = { caught: 0, missed: broken.length, untried: 0 };
for (const problem of broken) process.stderr.write(`${problem}\n`);
if (broken.length === 0 && !onlyPlaces) await tryAll();
if (!onlyPlaces) {
  process.stdout.write(`${verdicts.caught} passed, ${verdicts.missed} failed, ${verdicts.untried} skipped\n`);
}
process.exitCode = verdicts.missed === 0 ? 0 : 1;

async function tryAll(): Promise<void> {
  const copies = Array.from({ length: Math.min(workers, guards.length) }, copyOfTree);
  try {
    const untouched = await run(
      copies[0] ?? "",
      guards.map(({ test }) => test),
    );
    const queue = [...guards];
    const work = async (copy: string): Promise<void> => {
      for (let guard = queue.shift(); guard !== undefined; guard = queue.shift())
        report(guard, await judge(guard, copy, untouched));
    };
    await Promise.all(copies.map(work));
  } finally {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true, maxRetries: 9 });
  }
}

type Verdict = [kind: keyof typeof verdicts, why: string];

async function judge(guard: Guard, copy: string, untouched: readonly Result[]): Promise<Verdict> {
  const before = untouched.filter((result) => isNamed(result, guard.test));
  const failing = before.find(({ status }) => status === "failed");
  if (before.length === 0) return ["missed", "there is no such test"];
  if (failing !== undefined) return ["missed", `fails already with the guard in place: ${failing.message}`];
  if (!before.some(({ status }) => status === "passed")) return ["untried", "the test is skipped here"];
  const path = join(copy, guard.file);
  const text = readFileSync(path, "utf8");
  writeFileSync(
    path,
    text.replace(guard.code, () => guard.instead),
  );
  try {
    const after = (await run(copy, [guard.test])).filter((result) => isNamed(result, guard.test));
    const caught = after.find(({ status }) => status === "failed");
    if (after.every(({ status }) => status !== "passed" && status !== "failed")) return ["missed", "it did not run"];
    if (caught === undefined) return ["missed", "no test fails without it"];
    // A machine that has too much to do looks the same.
    return [/timed out in \d+ms/.test(caught.message) ? "missed" : "caught", caught.message];
  } finally {
    writeFileSync(path, text);
  }
}

function report({ guard, test }: Guard, [kind, why]: Verdict): void {
  verdicts[kind] += 1;
  const [line = ""] = why.split("\n");
  process.stdout.write(`${kind.padEnd(8)} ${guard}\n         ${test}\n         ${line.slice(0, 200)}\n`);
}

/** What the tests came to, each by file and whole name. */
async function run(copy: string, tests: readonly string[]): Promise<Result[]> {
  const kinds = new Map<string, Set<string>>();
  for (const [file = ""] of tests.map(partsOf)) {
    const [, kind = ""] = /\.(\w+)\.ts$/.exec(file) ?? [];
    const project = kind === "test" ? "unit" : kind;
    kinds.set(project, (kinds.get(project) ?? new Set()).add(file));
  }
  const names = [...new Set(tests.map((test) => partsOf(test)[1]))].map((name = "") =>
    name.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&"),
  );
  const results: Result[] = [];
  for (const [project, files] of kinds) {
    const output = join(copy, "guards-report.json");
    const report = ["--testTimeout", String(testMs), "--reporter", "json", "--outputFile", output];
    rmSync(output, { force: true });
    // On a machine that has too much to do, a worker may not even begin.
    for (let attempt = 1; attempt <= 2 && !existsSync(output); attempt += 1)
      await start(
        copy,
        ["run", "--project", project, ...files, `--testNamePattern=${names.join("|")}`, ...report],
        // Without a guard, what runs the tests may hang.
        2 * testMs * names.length,
      );
    if (existsSync(output)) results.push(...resultsIn(output, copy));
  }
  return results;
}

function start(copy: string, args: readonly string[], limitMs: number): Promise<void> {
  const path = `${join(copy, "node_modules", ".bin")}:${process.env["PATH"]}`;
  const child = spawn("vitest", args, { cwd: copy, env: { ...process.env, PATH: path }, stdio: "ignore" });
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
    child.once("error", reject);
    child.once("close", () => {
      clearTimeout(limit);
      resolve();
    });
  });
}

function resultsIn(report: string, copy: string): Result[] {
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
    testResults: {
      name: string;
      assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
    }[];
  };
  return testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map(({ fullName: name, status, failureMessages: [message = ""] = [] }) => ({
      ...{ file: relative(copy, file), name, status, message },
    })),
  );
}

/** As far as it can be seen without running it: names of tests with values in them are made. */
function mayBeThere(test: string): boolean {
  const [file = "", name = ""] = partsOf(test);
  const path = join(repository, file);
  if (!existsSync(path)) return false;
  const text = readFileSync(path, "utf8").replaceAll(/\s+/g, " ");
  return text.includes(name) || /\.(each|for)\b/.test(text);
}

function partsOf(test: string): string[] {
  return test.split(" > ");
}

function isNamed({ file, name }: Result, test: string): boolean {
  const [wantedFile, wantedName = ""] = partsOf(test);
  return file === wantedFile && name.includes(wantedName);
}

/** What version control knows of, as it is now. */
function copyOfTree(): string {
  const copy = mkdtempSync(join(tmpdir(), "landfall-guards-"));
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: repository,
    encoding: "utf8",
  });
  for (const file of list.split("\0").filter((name) => name !== "")) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(repository, file), join(copy, file), { verbatimSymlinks: true });
  }
  symlinkSync(join(repository, "node_modules"), join(copy, "node_modules"));
  return copy;
}

function readGuards(): Guard[] {
  const directory = join(repository, "test", "guards");
  return readdirSync(directory)
    .filter((name) => name.endsWith(".yaml"))
    .flatMap((name) => parse(readFileSync(join(directory, name), "utf8")) as Guard[]);
}
