import { expect, test } from "vitest";
import { parseExactly, rawNumber } from "./parseExactly.ts";

test.each([
  ["0", 0],
  ["-0", -0],
  ["9007199254740991", 9007199254740991],
  ["-9007199254740991", -9007199254740991],
  ["0.1", 0.1],
  ["1.50", 1.5],
  ["1.5E+3", 1500],
  ["1e-7", 1e-7],
  ["0.30000000000000004", 0.30000000000000004],
])("%s is kept as a number", (text, value) => {
  expect(parseExactly(`{"a":[${text}]}`)).toEqual({ a: [value] });
});

test.each([
  "9007199254740992",
  "9007199254740993",
  "-9007199254740993",
  "1234567890123456789",
  "1e400",
  "0.12345678901234567890123",
  "4503599627370497.55",
  "9007199254740990.7",
])("%s, which would be changed, is text", (text) => {
  expect(parseExactly(`{"a":{"b":${text}}}`)).toEqual({ a: { b: text } });
});

test("what is no number stays what it is", () => {
  const value = { text: "1234567890123456789", list: [null, true, "é"], none: {} };
  expect(parseExactly(JSON.stringify(value))).toEqual(value);
});

test("what is written again keeps its digits", () => {
  const text = '{"serial":3,"id":1234567890123456789,"list":[1e400,0.5]}';
  expect(JSON.stringify(parseExactly(text, rawNumber))).toBe(text);
});
