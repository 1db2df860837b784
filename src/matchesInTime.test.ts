import { expect, test } from "vitest";
import { matchesInTime } from "./matchesInTime.ts";

test("the whole text counts", () => {
  expect(matchesInTime("a|ab", "ab")).toBe(true);
  expect(matchesInTime("a|b", "ab")).toBe(false);
  expect(matchesInTime("\\d{3}\"'`${x}", "123\"'`${x}")).toBe(false);
  expect(matchesInTime("[\\u2028\\n]", "\u2028")).toBe(true);
});

test("a pattern that would never end is given up", () => {
  const began = performance.now();
  expect(matchesInTime("(a+)+", `${"a".repeat(60)}!`)).toBeUndefined();
  expect(matchesInTime("(a+)+", "a", 0)).toBeUndefined();
  expect(performance.now() - began).toBeLessThan(5000);
});

test("what is no pattern is an error, also where brackets around it would make it one", () => {
  expect(() => matchesInTime("(", "a")).toThrow(SyntaxError);
  expect(() => matchesInTime("a)|(?:b", "a")).toThrow(SyntaxError);
});
