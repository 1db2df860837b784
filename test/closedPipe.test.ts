import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const launcher = join(import.meta.dirname, "..", "landfall");

test.each(["--help", "providers", "providers --json"])("a reader that goes away does not end %s", async (argv) => {
  // The reader closes its end before anything is written.
  const script = `"$1" ${argv} | { exec <&-; sleep 1; }; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await promisify(execFile)("bash", ["-c", script, "bash", launcher]);
  expect(stderr).toBe("");
  expect(stdout).toBe("0\n");
});
