import { describe, expect, it } from "vitest";
import { parseTfvars } from "./parseTfvars.ts";

const read = (text: string) => Object.fromEntries(parseTfvars(text, "x.tfvars").values);
const problems = (text: string) =>
  parseTfvars(text, "x.tfvars").problems.map(({ where, message }) => `${where} ${message}`);

describe("parseTfvars", () => {
  it.each([
    ['a = "x"', "x"],
    ['a="x"# comment', "x"],
    ["a = 1", 1],
    ["a = -1.5e2 // comment", -150],
    ["a = true", true],
    ["a = null", null],
    ['a = "q\\" b\\\\ n\\n t\\t u\\u00e4 U\\U0001F600"', 'q" b\\ n\n t\t uä U😀'],
    ['a = "$HOME $${x} %%{y} 100%"', "$HOME ${x} %{y} 100%"],
    ["a = []", []],
    ['a = [1, "b", [true],]', [1, "b", [true]]],
    ["a = [ # one\n  1,\n  /* two\n */ 2\n]", [1, 2]],
    ['a = { b = 1, "c d" : [2]\n e = "f" }', { b: 1, "c d": [2], e: "f" }],
    ['a = <<EOT\none "1" \\n\n  $${two}\nEOT\n', 'one "1" \\n\n  ${two}\n'],
    ["a = <<-EOT\n    one\n      two\n    EOT\n", "one\n  two\n"],
    ['\uFEFFa = "x"\r\nb = 2\r\n', "x"],
    ['a = { __proto__ = "x" }', JSON.parse('{"__proto__": "x"}')],
  ])("reads %j", (text, value) => {
    expect(problems(text)).toEqual([]);
    expect(read(text)["a"]).toEqual(value);
  });

  it.each([
    ['a = "b"c"', 1, "more on the line after the value"],
    ['a = "b', 1, "a quote that is not closed on its line"],
    ['a = "b\nc"', 1, "a quote that is not closed on its line"],
    ['\na = "${b}"', 2, "${ begins a template"],
    ['a = "%{ if true }x%{ endif }"', 1, "%{ begins a template"],
    ["a = <<E\nx ${b}\nE\n", 2, "${ begins a template"],
    ["a = <<E\nx\n", 3, "a text that is not closed: no line is E"],
    ['a = "\\d"', 1, "a backslash that begins no known escape"],
    ['a = "\\uD800"', 1, "a backslash that begins no known escape"],
    ["a = b", 1, "an expression"],
    ['a = file("/etc/passwd")', 1, "an expression"],
    ["a = 1 + 2", 1, "more on the line after the value"],
    ["a = ", 1, "no value"],
    ["a = 12345678901234567890", 1, "a number that is too large"],
    ["a = [1 2]", 1, "a list without a comma"],
    ["a = { b = 1 c = 2 }", 1, "a map without a comma"],
    ["a = { b = 1, b = 2 }", 1, "a key that comes twice"],
    ["a { b = 1 }", 1, "a name without ="],
    ['a = "1"\nb = 2\na = "3"', 3, "a name that was given a value before"],
    [`a = ${"[".repeat(40)}${"]".repeat(40)}`, 1, "more than 32 levels"],
  ])("refuses %j", (text, line, message) => {
    expect(problems(text)[0]).toContain(`x.tfvars:${line} a: ${message}`);
  });

  it("tells all problems, reads the rest, and quotes no value", () => {
    const text = 'a = "s3cret"s3cret"\nb = 2\nc = s3cret\nd = "\\q s3cret"\n';
    expect(problems(text)).toHaveLength(3);
    expect(read(text)).toEqual({ b: 2 });
    expect(JSON.stringify(parseTfvars(text, "x").problems)).not.toContain("s3cret");
  });

  it("reads as many as a script may write", () => {
    const text = Array.from({ length: 40_000 }, (_, index) => `v${index} = "x"`).join("\n");
    expect(parseTfvars(text, "x").values.size).toBe(40_000);
  });
});
