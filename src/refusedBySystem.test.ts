import { mkdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { refusedBySystem } from "./refusedBySystem.ts";

test("what the system refuses is an error that says what to do", async () => {
  // Nobody may write there, not even root.
  const refused = await mkdir("/sys/landfall").catch((error: unknown) => error);
  expect(refusedBySystem(refused)).toMatchObject({
    code: expect.stringMatching(/^system\.(EPERM|EACCES|EROFS)$/),
    exit: 1,
    message: expect.stringContaining("/sys/landfall"),
    hint: expect.stringContaining("then run the same command again"),
  });
  const full = Object.assign(new Error("x"), { code: "ENOSPC", syscall: "write", path: "/data/state" });
  expect(refusedBySystem(full)?.message).toBe("/data/state: no space is left (write)");
});

test("everything else stays what it is", async () => {
  const absent = await readFile("/no/such/file").catch((error: unknown) => error);
  expect(refusedBySystem(absent)).toBeUndefined();
  expect(refusedBySystem(new TypeError("x is undefined"))).toBeUndefined();
});
