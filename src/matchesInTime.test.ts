import { expect, test } from "vitest";
import { matchesInTime } from "./matchesInTime.ts";

const matches = matchesInTime(200);

test("the whole text counts", () => {
  expect(matches("a|ab", "ab")).toBe(true);
  expect(matches("a|b", "ab")).toBe(false);
  expect(matches("(\\d{3})+/\"'`${x}", "123/\"'`${x}")).toBe(false);
  expect(matches("(\\d{3})+/\"'`[$]x", "123/\"'`$x")).toBe(true);
  expect(matches("([\\u2028\\n])+", "\u2028\n")).toBe(true);
});

test("patterns that would never end are given up together", () => {
  const began = performance.now();
  const bounded = matchesInTime(100);
  for (let round = 0; round < 50; round += 1) expect(bounded("(a+)+", `${"a".repeat(60)}!`)).toBeUndefined();
  expect(performance.now() - began).toBeLessThan(5000);
});

test("a harmless one is not given up, however often it is used", () => {
  const bounded = matchesInTime(100);
  for (let round = 0; round < 100; round += 1) expect(bounded("a*b*c*d*", "aabbccdd")).toBe(true);
});

test("what is no pattern is an error, also where brackets around it would make it one", () => {
  expect(() => matches("(", "a")).toThrow(SyntaxError);
  expect(() => matches("a)|(?:b", "a")).toThrow(SyntaxError);
});
