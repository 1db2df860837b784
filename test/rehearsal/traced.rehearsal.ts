import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trace, type Traced } from "../support/traced.ts";
import { works } from "../support/works.ts";

/** What the tests of secrets look with can see. */
describe.skipIf(!works("strace", "-qq", "true"))("a secret that is planted is found (skipped: no strace)", () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "landfall-planted-"));
  });
  afterAll(() => rm(root, { recursive: true }));

  const look = (script: string): Promise<Traced> =>
    trace(["sh", "-c", script, "sh", join(root, "x")], {
      root,
      secrets: ["hunter22"],
      environment: { PLANTED: "hunter22" },
    });

  test.each([
    ["in arguments, however short the process lives", "/bin/true $PLANTED", /arguments of \/bin\/true show/],
    ["on standard output", "echo $PLANTED", /stdout shows/],
    ["on standard error, encoded", "printf %s $PLANTED | base64 >&2", /stderr shows/],
    ["in a file that is gone again", "echo $PLANTED >$1; rm $1", /\/x gets a secret/],
  ])("%s", async (_where, script, found) => {
    expect((await look(script)).leaks.join()).toMatch(found);
  });

  test("and what is allowed is not: pipes, declared files; whose environment holds one is told", async () => {
    const clean = await look("printf %s $PLANTED | cat >/dev/null; echo $PLANTED >$1.env; rm $1.env");
    expect(clean).toMatchObject({ leaks: [], holders: ["cat", "rm", "sh"] });
  });
});
