import { expect, test } from "vitest";
import { follows } from "./carryOut.ts";

const before = { lineage: "a", serial: 4 };

test.each([
  ["a higher serial", { lineage: "a", serial: 5 }, before, true],
  ["the same serial", before, before, true],
  ["a lower serial", { lineage: "a", serial: 3 }, before, false],
  ["another lineage", { lineage: "b", serial: 9 }, before, false],
  ["nothing that can be read", undefined, before, false],
  ["nothing that can be read, of a first run", undefined, undefined, false],
  ["whatever a first run leaves", { lineage: "b", serial: 1 }, undefined, true],
])("%s", (_what, after, former, expected) => {
  expect(follows(after, former)).toBe(expected);
});
