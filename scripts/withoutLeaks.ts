import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findSecret, planted } from "../test/support/canary.ts";
import { leaks } from "../test/support/leaks.ts";

/**
 * withoutLeaks.ts COMMAND ARGUMENT...: runs the tests, and counts as one more of them whether a secret of theirs was
 * seen: in what they print, in the arguments of any process, in a file that is left behind.
 */
const [command = "", ...args] = process.argv.slice(2);
const repository = join(import.meta.dirname, "..");
const counts = /^(\d+) passed, (\d+) failed, (\d+) skipped$/;
/** How much of one processor looking at processes may take. */
const share = 0.05;

/** A test of this file shows a secret on purpose; the run that it is part of does not count that. */
const testsItself = process.env["LANDFALL_PLANTED"] !== undefined;

const started = Date.now();
// Shorter than what tests make in it; others may pass through, because PostgreSQL runs as somebody else.
const temporary = mkdtempSync(join(tmpdir(), "landfall-run-"));
chmodSync(temporary, 0o711);
const found = new Set<string>();
let last: string | undefined;
let samples = 0;
/** The arguments of each process when it was last looked at: to look at them again costs more than to read them. */
let known = new Map<string, string>();

/** What Node made of sources: tests start it some thousand times, which takes a quarter of a second then instead of one. */
const compiled = join(temporary, "compiled");
const child = spawn(command, args, {
  stdio: ["inherit", "pipe", "pipe"],
  env: { ...process.env, TMPDIR: temporary, NODE_COMPILE_CACHE: compiled },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));

const shown = [child.stdout, child.stderr].map((stream, index) => {
  const name = index === 0 ? "standard output" : "standard error";
  const target = index === 0 ? process.stdout : process.stderr;
  const lines = createInterface({ input: stream });
  lines.on("line", (line) => {
    const secret = findSecret(line);
    if (secret !== undefined) found.add(`${name} of the tests shows a secret: ${secret}`);
    // The last line has to wait for the last result.
    if (index === 0 && counts.test(line)) last = line;
    else target.write(`${line}\n`);
  });
  return new Promise((resolve) => lines.once("close", resolve));
});
const ended = new Promise<number>((resolve) => {
  child.once("error", (error) => {
    process.stderr.write(`${command}: ${error.message}\n`);
    resolve(127);
  });
  child.once("close", (status) => resolve(status ?? 1));
});

sample();
const [status] = await Promise.all([ended, ...shown]);
searchFiles();
report(status);

/** All processes of this computer, as often as their number permits. */
function sample(): void {
  const begun = performance.now();
  const seen = new Map<string, string>();
  for (const pid of readdirSync("/proc")) {
    if (!/^\d/.test(pid) || Number(pid) === process.pid) continue;
    const line = commandLine(pid);
    seen.set(pid, line);
    const secret = line === known.get(pid) ? undefined : findSecret(line);
    if (secret !== undefined) found.add(`the arguments of a process show a secret: ${secret}`);
  }
  known = seen;
  samples += 1;
  if (child.exitCode !== null || child.signalCode !== null) return;
  setTimeout(sample, ((performance.now() - begun) * (1 - share)) / share);
}

function commandLine(pid: string): string {
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, "latin1");
    return testsItself ? line : line.replaceAll(planted, "");
  } catch {
    return "";
  }
}

/** Everything that is left, and everything of the user's that was written meanwhile. */
function searchFiles(): void {
  rmSync(compiled, { recursive: true, force: true });
  for (const leak of leaks(temporary)) found.add(leak);
  const cache =
    process.env["LANDFALL_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "landfall");
  const own = ["infrastructure", "dist"].map((name) => join(repository, name));
  for (const place of new Set([cache, ...own, homedir()])) {
    for (const leak of leaks(place, { since: started })) found.add(leak);
  }
  rmSync(temporary, { recursive: true, force: true });
}

function report(status: number): void {
  const seconds = (Date.now() - started) / 1000;
  for (const leak of found) process.stderr.write(`LEAKED: ${leak}\n`);
  process.stderr.write(
    `secrets: ${found.size} leaks; processes looked at every ${Math.round((seconds * 1000) / samples)} ms\n`,
  );
  const [, passed = 0, failed = 0, skipped = 0] = counts.exec(last ?? "")?.map(Number) ?? [];
  // Tests that end without saying how are no success.
  const broken = last === undefined ? 1 : 0;
  const clean = found.size === 0;
  process.exitCode = status !== 0 ? status : clean && broken === 0 ? 0 : 1;
  process.stdout.write(
    `${passed + (clean ? 1 : 0)} passed, ${failed + (clean ? 0 : 1) + broken} failed, ${skipped} skipped\n`,
  );
}
