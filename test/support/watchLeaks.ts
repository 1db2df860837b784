import childProcess, { ChildProcess } from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { afterAll, afterEach, expect } from "vitest";
import { findSecret } from "./canary.ts";
import { leaks } from "./leaks.ts";
import { leakSeen, takeLeaks } from "./leakSeen.ts";

/**
 * Before the tests of a file: from here on whatever they, or Landfall in their process, remove below the directory for
 * temporary files is searched first, and every process that they start is looked at. A leak fails the test that it is
 * found in, or the file.
 */

// As src/main.ts does it.
process.umask(0o077);

const below = (path: unknown): path is string => typeof path === "string" && resolve(path).startsWith(`${tmpdir()}/`);
const search = (path: unknown): void => {
  if (below(path)) for (const leak of leaks(path)) leakSeen(leak);
};

const { rm } = fs.promises;
fs.promises.rm = (path, options) => {
  search(path);
  return rm(path, options);
};
const { rmSync } = fs;
fs.rmSync = (path, options) => {
  search(path);
  rmSync(path, options);
};

const started = (args: readonly unknown[]): void => {
  const found = findSecret(args.join("\n"));
  if (found !== undefined) leakSeen(`the arguments of a process show a secret: ${found}`);
};
// Every other function of the module that starts a process and does not wait for it ends up here.
const children = ChildProcess.prototype as unknown as { spawn(options: { args?: string[] }): unknown };
const { spawn } = children;
children.spawn = function start(options) {
  started(options.args ?? []);
  return spawn.call(this, options);
};
for (const name of ["spawnSync", "execFileSync"] as const) {
  const original = childProcess[name] as (...args: unknown[]) => unknown;
  (childProcess as Record<string, unknown>)[name] = (...args: unknown[]) => {
    started(args.slice(0, 2).flat());
    return original(...args);
  };
}
syncBuiltinESMExports();

afterEach(() => expect(takeLeaks()).toEqual([]));
afterAll(() => expect(takeLeaks()).toEqual([]));
