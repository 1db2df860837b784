import * as dotenv from "dotenv";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeEnvFile } from "../../src/configuration/decodeEnvFile.ts";
import { parseEnvFile } from "../../src/configuration/parseEnvFile.ts";
import { quoteEnvValue } from "../../src/configuration/quoteEnvValue.ts";
import { fuzzRuns } from "../support/fuzzRuns.ts";
import { hostileText, hostileValue } from "../support/hostileText.ts";

test("compatibility 9: every value that quoteEnvValue writes is read back byte for byte", () => {
  fc.assert(
    fc.property(fc.array(hostileValue, { minLength: 1, maxLength: 4 }), (written) => {
      const lines = written.map((text, index) => `KEY${index}=${quoteEnvValue(text)} # comment\n`);
      const { text, problems: undecoded } = decodeEnvFile(new TextEncoder().encode(lines.join("")), "x.env");
      const { entries, problems } = parseEnvFile(text, "x.env");
      expect([...undecoded, ...problems]).toEqual([]);
      expect(entries.map(({ parts }) => parts)).toEqual(
        written.map((text) => (text === "" ? [] : [{ kind: "text", text }])),
      );
    }),
    { numRuns: fuzzRuns(30_000) },
  );
});

test("parseEnvFile never throws, and every problem has a line of the file", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const { entries, problems } = parseEnvFile(text, "x.env");
      const lines = text.split("\n").length;
      for (const { where, message, hint } of problems) {
        const line = Number(/^x\.env:(\d+)$/.exec(where ?? "")?.[1]);
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines);
        expect(message).not.toBe("");
        expect(hint).toBeTruthy();
      }
      for (const { key, line } of entries) {
        expect(text.replaceAll("\0", "").split("\n")[line - 1]).toContain(key);
      }
    }),
    { numRuns: fuzzRuns(30_000) },
  );
});

test("a file of arbitrary bytes is decoded or reported, line by line", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const { text, problems } = decodeEnvFile(bytes, "x.env");
      const valid = Buffer.from(new TextEncoder().encode(text)).equals(bytes);
      expect(problems.length === 0).toBe(valid);
    }),
    { numRuns: fuzzRuns(5000) },
  );
});

/** Docs/settings.md says what the common subset is. */
const letters = fc.constantFrom(..."abzAZ019 .,:;/@%+-_=!?*()[]{}<>&|~^éß📦", "null", "\t", "x\ty");
const inSingleQuotes = fc.oneof(
  letters,
  fc.constantFrom("$", "${A}", "$(x)", "`", '"', "#", " # ", "\n", "\n\n", "\\x"),
);
const inDoubleQuotes = fc.oneof(letters, fc.constantFrom("#", " # ", "'", "\n", "\\n", "\\r"));
const textOf = (piece: fc.Arbitrary<string>) => fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(""));
const line = fc.record({
  indent: fc.constantFrom("", " ", "\t"),
  export: fc.constantFrom("", "export ", "export  "),
  before: fc.constantFrom("", " ", "\t"),
  after: fc.constantFrom("", " ", "  "),
  value: fc.oneof(
    textOf(letters),
    textOf(inSingleQuotes).map((text) => `'${text}'`),
    textOf(inDoubleQuotes).map((text) => `"${text}"`),
  ),
  comment: fc.constantFrom("", " ", " # comment", "\t#x"),
  behind: fc.constantFrom("", "\n", "# a comment = none\n", "   \n"),
});

test("dotenv reads the common subset alike", () => {
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 5 }),
      fc.constantFrom("\n", "\r\n"),
      fc.boolean(),
      (lines, newline, mark) => {
        const text = lines.map(
          (one, index) =>
            `${one.indent}${one.export}KEY_${index}${one.before}=${one.after}${one.value}${one.comment}\n${one.behind}`,
        );
        const file = (mark ? "\uFEFF" : "") + text.join("").replaceAll("\n", newline);
        const { entries, problems } = parseEnvFile(file, "x.env");
        expect(problems).toEqual([]);
        const values = entries.map(({ key, parts }) => [
          key,
          (parts ?? []).map((part) => "text" in part && part.text).join(""),
        ]);
        expect(Object.fromEntries(values)).toEqual(dotenv.parse(file));
      },
    ),
    { numRuns: fuzzRuns(15_000) },
  );
});

test.each([
  ["A=b#c", "b#c", "b"],
  ['A="\\t \\" \\\\"', '\t " \\', '\\t \\" \\\\'],
  ["A=$B", undefined, "$B"],
  ['A="${B}"', undefined, "${B}"],
  ["A='it'\\''s'", "it's", "it'\\''s"],
  ["A=`b`", undefined, "b"],
  ["A=1\nA=2", undefined, "2"],
  ["A=b\nnonsense", undefined, "b"],
  ["A: b", undefined, "b"],
])("dotenv differs, as docs/settings.md says: %j", (text, ours, theirs) => {
  const { entries, problems } = parseEnvFile(text, "x.env");
  const [part] = entries[0]?.parts ?? [];
  expect(problems.length === 0 && part?.kind === "text" ? part.text : undefined).toBe(ours);
  expect(dotenv.parse(text)["A"]).toBe(theirs);
});

const megabyte = 1024 * 1024;

test.each([
  ["one long plain value", "A=", "x", ""],
  ["one long quoted value", 'A="', "x\n", '"'],
  ["blanks", "A=", " ", "x"],
  ["blanks and no value", "", " ", "A"],
  ["quotes that open and close", "A=", "''", ""],
  ["quotes that never close", "", "A='x\n", ""],
  ["double quotes that never close", "", 'A="\n', ""],
  ["one name that never ends", "", "A", ""],
  ["names without =", "", "A\n", ""],
  ["defaults inside defaults", "A=", "${B:-", ""],
  ["defaults inside defaults, quoted", 'A="', "${B:-", '"'],
  ["lines of open references", "", "A=${B:-x\n", ""],
  ["open references over lines", 'A="', "${B:-\n", ""],
  ["backslashes", "A=", "\\", ""],
  ["backslashes in quotes", 'A="', "\\", ""],
  ["references", "A=", "$B", ""],
  ["dollar signs", "A=", "$", ""],
  ["comments", "", "#\n", ""],
  ["carriage returns", "", "\r", ""],
  ["NUL", "", "\0\n", ""],
  ["export", "", "export ", ""],
])("1 MB of it is read in no more than linear time: %s", (_name, before, repeated, after) => {
  const parse = (size: number): number => {
    const text = before + repeated.repeat(size / repeated.length) + after;
    const used = process.threadCpuUsage();
    parseEnvFile(text, "x.env");
    // Of this thread alone: whoever else works on this computer does not count. Milliseconds.
    return process.threadCpuUsage(used).user / 1000;
  };
  parse(megabyte / 16);
  // What takes the square of the length would need minutes.
  expect(parse(megabyte)).toBeLessThan(10_000);
});
