import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { compareVersions, engineVersion } from "./engineVersion.ts";

test.each([
  ["1.12.0", "1.12.6", -1],
  ["1.12.6", "1.12.6", 0],
  ["v1.13.0", "1.12.6", 1],
  ["1.9.9", "1.12.0", -1],
  ["2.0.0", "1.99.99", 1],
  ["1.12.0-rc1", "1.12.0", -1],
  ["1.12.0", "1.12.0-rc1", 1],
  ["go1.26.8", "1.26.6", 1],
  ["1.21", "1.21.0", 0],
])("%s against %s", (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
});

test("the source build makes the engine of this version", async () => {
  const text = await readFile(new URL("../../../engine/go.mod", import.meta.url), "utf8");
  expect(text).toContain(`github.com/opentofu/opentofu v${engineVersion}`);
});
