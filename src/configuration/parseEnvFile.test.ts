import { describe, expect, test } from "vitest";
import { parseEnvFile } from "./parseEnvFile.ts";

/** The literal values of a file without references and problems. */
function values(text: string): Record<string, string> {
  const { entries, problems } = parseEnvFile(text, "x.env");
  expect(problems).toEqual([]);
  return Object.fromEntries(
    entries.map(({ key, parts }) => [
      key,
      (parts ?? [])
        .map((part) =>
          part.kind === "text" ? part.text : `<${part.kind === "secret" ? JSON.stringify(part.source) : part.name}>`,
        )
        .join(""),
    ]),
  );
}

function problems(text: string): string[] {
  return parseEnvFile(text, "x.env").problems.map(({ where, message }) => `${where} ${message}`);
}

describe("values", () => {
  test.each([
    ["A=", ""],
    ["A=b", "b"],
    ["A = b c  ", "b c"],
    ["  export A=b", "b"],
    ["export\tA=b", "b"],
    ["A=b # comment", "b"],
    ["A=b\t# comment", "b"],
    ["A= # comment", ""],
    ["A=#b", "#b"],
    ["A=b#c", "b#c"],
    ["A=ssh-ed25519 AAAA= me@there", "ssh-ed25519 AAAA= me@there"],
    ["A=C:\\dir", "C:\\dir"],
    ["A=\\$x\\`\\\"\\'\\\\\\#", "$x`\"'\\#"],
    ["A=x\\ ", "x "],
    ["A=$", "$"],
    ["A=$2y$10$", "$2y$10$"],
    ["A=a$ b", "a$ b"],
    ["A='$x `y` $(z) \\n \"q\" # no'", '$x `y` $(z) \\n "q" # no'],
    ["A='b' # comment", "b"],
    ["A=''", ""],
    ["A='it'\\''s'", "it's"],
    ['A="it\'s"', "it's"],
    ['A="a\\nb\\tc\\rd"', "a\nb\tc\rd"],
    ['A="\\"\\\\\\$\\`"', '"\\$`'],
    ['A="\\x"', "\\x"],
    ['A="one\ntwo"', "one\ntwo"],
    ["A='one\n\ntwo'", "one\n\ntwo"],
    ['A="one\\\ntwo"', "onetwo"],
    ["A=\"a\"b'c'", "abc"],
    ['A="#"', "#"],
    ["A=größe 📦", "größe 📦"],
  ])("%j", (text, expected) => {
    expect(values(text)).toEqual({ A: expected });
  });

  test("line ends of Windows, a byte order mark, comments and blank lines", () => {
    expect(values('\uFEFF# comment\r\n\r\nA=1\r\n  # more\r\nB="x\r\ny"\r\nC=3')).toEqual({
      A: "1",
      B: "x\ny",
      C: "3",
    });
  });

  test("a key is remembered with its line, also after values of several lines", () => {
    const { entries } = parseEnvFile("A='1\n2\n3'\n\nB=4\n", "x.env");
    expect(entries.map(({ key, line }) => [key, line])).toEqual([
      ["A", 1],
      ["B", 5],
    ]);
  });
});

describe("references", () => {
  const parts = (text: string) => {
    const { entries, problems } = parseEnvFile(text, "x.env");
    expect(problems).toEqual([]);
    return entries[0]?.parts;
  };
  const reference = (name: string, more: object = {}) => ({ kind: "reference", name, line: 1, ...more });
  const text = (content: string) => ({ kind: "text", text: content });

  test("with and without braces, in double quotes and without", () => {
    expect(parts("A=x$B-${C}y")).toEqual([text("x"), reference("B"), text("-"), reference("C"), text("y")]);
    expect(parts('A="x$B-${C}y"')).toEqual([text("x"), reference("B"), text("-"), reference("C"), text("y")]);
  });

  test("defaults, nested and quoted", () => {
    expect(parts("A=${B:-1}")).toEqual([reference("B", { fallback: [text("1")] })]);
    expect(parts("A=${B:-}")).toEqual([reference("B", { fallback: [] })]);
    expect(parts("A=${B:-${C:-two words}}")).toEqual([
      reference("B", { fallback: [reference("C", { fallback: [text("two words")] })] }),
    ]);
    expect(parts("A=${B:-'}'}")).toEqual([reference("B", { fallback: [text("}")] })]);
    expect(parts('A=${B:-"}$C"}')).toEqual([reference("B", { fallback: [text("}"), reference("C")] })]);
    expect(parts('A="${B:-it\'s \\} \\"x\\"}"')).toEqual([reference("B", { fallback: [text('it\'s } "x"')] })]);
    expect(parts("A=${B:-a # b}")).toEqual([reference("B", { fallback: [text("a # b")] })]);
  });

  test("a message", () => {
    expect(parts("A=${B:?say it}")).toEqual([reference("B", { demand: "say it" })]);
  });

  test("know their own line inside a long value", () => {
    const { entries } = parseEnvFile('\nA="x\n$B"', "x.env");
    expect(entries[0]?.parts?.[1]).toEqual({ kind: "reference", name: "B", line: 3 });
  });
});

describe("problems", () => {
  test.each([
    ["A=$(id)", 1, /command substitution/],
    ["A=${B:-$(id)}", 1, /command substitution/],
    ['A="x $(id)"', 1, /command substitution/],
    ["A=`id`", 1, /command substitution/],
    ['A="`id`"', 1, /command substitution/],
    ["A=$((1+1))", 1, /command substitution/],
    ["\nA='x", 2, /single quote is not closed/],
    ['\nA="x', 2, /double quote is not closed/],
    ["A=${B", 1, /not closed/],
    ['A="${B:-x"', 1, /not closed/],
    ["A=${B:-x\n}", 1, /not closed/],
    ["A=${B+x}", 1, /only \$\{NAME\}/],
    ["A=${1}", 1, /no variable name/],
    ["A='x' y", 1, /after the closing quote/],
    ['A="x\ny" z', 1, /closes in line 2; perhaps a quote is missing in line 1/],
    ["A=it's", 1, /quote stands inside/],
    ["A=b\\", 1, /ends in a backslash/],
    ["A=a\u0007b", 1, /control character/],
    ["\n\nnonsense here", 3, /neither KEY=VALUE/],
    ["export A", 1, /no =/],
    ["A: b", 1, /colon/],
    ["1A=b", 1, /other characters/],
    ["A-B=b", 1, /other characters/],
    ["A=x\n\0", 2, /NUL/],
    [`A=${"${B:-".repeat(100)}${"}".repeat(100)}`, 1, /too deeply/],
  ])("%j", (text, line, message) => {
    const { problems } = parseEnvFile(text, "dir/x.env");
    expect(problems).toHaveLength(/\n[}y]/.test(text) ? 2 : 1);
    expect(problems[0]?.where).toBe(`dir/x.env:${line}`);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.hint).not.toBe("");
  });

  test("a key that is set twice names both lines", () => {
    expect(problems("A=1\nB=2\nA=3")).toEqual(["x.env:3 A is set twice: in line 1 and in line 3"]);
  });

  test.each([
    "PATH",
    "HOME",
    "LD_PRELOAD",
    "DYLD_X",
    "NODE_OPTIONS",
    "TF_CLI_ARGS_plan",
    "TF_VAR_x",
    "BASH_ENV",
    "ENV",
    "IFS",
  ])("%s is refused", (name) => {
    expect(problems(`${name}=x`)).toEqual([expect.stringMatching(`^x.env:1 ${name} cannot be set here`)]);
  });

  test.each(["SHELLOPTS", "GIT_SSH_COMMAND", "SSH_AUTH_SOCK", "PYTHONPATH", "LANDFALL_TOFU", "https_proxy", "GODEBUG"])(
    "%s is refused too",
    (name) => {
      expect(parseEnvFile(`${name}=x`, "x.env").entries).toEqual([]);
      expect(problems(`${name}=x`)).toHaveLength(1);
    },
  );

  test.each([
    "ENVIRONMENT",
    "PROJECT",
    "USER_ID",
    "GF_SECURITY_ADMIN_PASSWORD",
    "LDAP_HOST",
    "PATHS",
    "SSH_PUBLIC_KEY",
  ])("%s is not refused", (name) => {
    expect(problems(`${name}=x`)).toEqual([]);
  });

  test("all are found at once, and a missing quote does not hide what follows", () => {
    expect(problems("A='x\nB=$(id)\nC=ok\nno sense\nB=2")).toEqual([
      "x.env:1 the single quote is not closed",
      expect.stringMatching(/^x.env:2 command substitution/),
      expect.stringMatching(/^x.env:4 this is neither/),
      "x.env:5 B is set twice: in line 2 and in line 5",
    ]);
  });

  test("never quote what the file says", () => {
    const canary = "c4n4ry";
    const text = [
      `A="${canary}`,
      `B=${canary}'`,
      `${canary} x`,
      `${canary}-x=1`,
      `C=\`${canary}`,
      `D='x' ${canary}`,
    ].join("\n");
    expect(problems(text).length).toBeGreaterThan(4);
    expect(JSON.stringify(parseEnvFile(text, "x.env").problems)).not.toContain(canary);
  });
});
