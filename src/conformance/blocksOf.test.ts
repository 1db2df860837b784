import { describe, expect, test } from "vitest";
import { blocksOf } from "./blocksOf.ts";

/** What stands in blocks themselves, blanks apart. */
const own = (code: string, type = "module"): string[] =>
  blocksOf(code, type).map((block) => block.own.replaceAll(/\s+/g, " ").trim());

describe("blocks of HCL", () => {
  test.each([
    ["two", 'module "a" {\n  source = "./a"\n}\nmodule b { source = "./b" }', ['source = "./a"', 'source = "./b"']],
    ["maps before", 'module "a" {\n  providers = { a = a.b }\n  source = "./a"\n}', ['providers = { } source = "./a"']],
    ["braces in text", 'module "a" {\n  x = "}${y["}"]}{"\n  z = 1\n}', ['x = "}${y["}"]}{" z = 1']],
    ["an expression with a map", 'module "a" {\n  x = "${f({ b = 1 })}"\n  z = 1\n}', ['x = "${f({ })}" z = 1']],
    ["what is no expression", 'module "a" {\n  x = "$${"\n  z = 1\n}', ['x = "$${" z = 1']],
    ["a heredoc", 'module "a" {\n  x = <<-E\n    } source = "./b"\n  E\n  z = 1\n}', ["x = z = 1"]],
    ["what is deeper", 'locals {\n  a = { module = { source = 1 } }\n}\nresource "module" "a" {}', []],
    ["one that does not end", 'module "a" {\n  z = 1', ["z = 1"]],
  ])("%s", (_what, code, expected) => {
    expect(own(code)).toEqual(expected);
  });

  test("places are those of the text", () => {
    const code = '# é\n\nmodule "a" {\n  b = 1\n}\n';
    const [block] = blocksOf(code, "module");
    expect(code.slice(block?.index).startsWith('module "a"')).toBe(true);
    expect(code.slice(block?.ownIndex).startsWith("\n  b")).toBe(true);
  });
});
