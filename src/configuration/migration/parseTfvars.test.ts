import { assert, property, string, uniqueArray, tuple } from "fast-check";
import { expect, test } from "vitest";
import { parseTfvars } from "./parseTfvars.ts";

const values = (text: string): Record<string, string> =>
  Object.fromEntries(parseTfvars(text, "x.tfvars").values.map(({ name, text: value }) => [name, value]));
const lines = (text: string): (string | undefined)[] =>
  parseTfvars(text, "x.tfvars").problems.map(({ where }) => where?.split(":").at(-1));

test("text, numbers and truth; comments of both kinds; CRLF", () => {
  expect(values('# c\n// c\r\na = "x"\r\nb=4096 # MiB\n  c = true // yes\nd = -1.5\ne = ""\n')).toEqual({
    a: "x",
    b: "4096",
    c: "true",
    d: "-1.5",
    e: "",
  });
});

test("escapes are those of HCL", () => {
  expect(values('a = "q\\"q \\\\ \\t $${x} %%{y} $5 # no comment"')).toEqual({
    a: 'q"q \\ \t ${x} %{y} $5 # no comment',
  });
});

test("everything else is listed with its first line, and reading goes on behind it", () => {
  const text = [
    'a = "${file("/etc/passwd")}"',
    "b = [",
    '  "] is text",',
    "]",
    "c = <<EOF",
    "d = 1",
    "EOF",
    "/* e = 1",
    "e = 2 */",
    "f = { g = 1 }",
    "h = null",
    'i = "open',
    "j = 7",
    String.raw`k = "\u00e9"`,
  ].join("\n");
  expect(values(text)).toEqual({ j: "7" });
  expect(lines(text)).toEqual(["1", "2", "5", "8", "10", "11", "12", "14"]);
});

test("what was quoted as JSON quotes it comes back", () => {
  const plain = string({ unit: "grapheme-ascii" }).filter((text) => !/[\n\r]|[$%]\{/.test(text));
  assert(
    property(uniqueArray(tuple(plain), { maxLength: 5 }), (given) => {
      const text = given.map(([value], index) => `n${index} = ${JSON.stringify(value)}\n`).join("");
      expect(Object.values(values(text))).toEqual(given.map(([value]) => value));
    }),
  );
});
