import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planted } from "../test/support/canary.ts";
import { repository } from "../test/support/makeTree.ts";

/** Runs a shell's script as if it were a suite of tests, with a secret in its environment. */
function watched(script: string): Promise<{ status: number; last: string; stderr: string }> {
  const environment = { ...process.env, SECRET: planted, LANDFALL_PLANTED: "1", HOME: join(repository, "docs") };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(repository, "scripts/withoutLeaks.ts"), "bash", "-c", script],
      { env: environment },
      (error, stdout, stderr) => {
        const last = stdout.trim().split("\n").at(-1) ?? "";
        resolve({ status: typeof error?.code === "number" ? error.code : 0, last, stderr });
      },
    );
  });
}

const counts = "echo '5 passed, 0 failed, 1 skipped'";

test.each([
  ["standard output", "echo $SECRET", /standard output of the tests shows a secret/],
  ["standard error, packed", "printf %s x$SECRET | base64 >&2", /standard error of the tests shows a secret/],
  ["arguments", "bash -c 'sleep 0.5; true' $SECRET", /the arguments of a process show a secret/],
  ["a file that is left", "printf %s $SECRET | gzip >$TMPDIR/x", /\/x holds a secret/],
  ["a file that others can read", "echo $SECRET >$TMPDIR/x.env; chmod 640 $TMPDIR/x.env", /x\.env holds .* mode 640/],
])("a secret in %s fails the run, although all tests passed", async (_where, script, found) => {
  const { status, last, stderr } = await watched(`${script}; ${counts}`);
  expect(stderr).toMatch(new RegExp(`LEAKED: .*${found.source}`));
  expect([status, last]).toEqual([1, "5 passed, 1 failed, 1 skipped"]);
});

test("where nothing is seen, that is one more test", async () => {
  const { status, last } = await watched(`umask 077; echo $SECRET >$TMPDIR/x.env; ${counts}`);
  expect([status, last]).toEqual([0, "6 passed, 0 failed, 1 skipped"]);
});

test("failures stay failures, and tests that end without a word have failed", async () => {
  const failed = await watched("echo '4 passed, 1 failed, 0 skipped'; exit 1");
  expect([failed.status, failed.last]).toEqual([1, "5 passed, 1 failed, 0 skipped"]);
  const silent = await watched("exit 0");
  expect([silent.status, silent.last]).toEqual([1, "1 passed, 1 failed, 0 skipped"]);
});
