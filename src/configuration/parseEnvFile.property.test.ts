import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeEnvFile } from "./decodeEnvFile.ts";
import { parseEnvFile } from "./parseEnvFile.ts";
import { quoteEnvValue } from "./quoteEnvValue.ts";

/** Text in which what is special to the parser is frequent. */
const pieces = [
  "'",
  '"',
  "\\",
  "$",
  "${",
  "}",
  ":-",
  ":?",
  "`",
  "$(",
  "\n",
  "\r\n",
  "\r",
  "#",
  " ",
  "\t",
  "=",
  "A",
  "export ",
  "B=",
  "\0",
  "\uFEFF",
  "é",
  "📦",
];
const hostile = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 3 })), {
  maxLength: 40,
});
const hostileText = hostile.map((parts) => parts.join(""));
const value = hostileText.map((text) => text.replaceAll("\0", "").toWellFormed());

test("compatibility 9: every value that quoteEnvValue writes is read back byte for byte", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (written) => {
      const lines = written.map((text, index) => `KEY${index}=${quoteEnvValue(text)} # comment\n`);
      const { text, problems: undecoded } = decodeEnvFile(new TextEncoder().encode(lines.join("")), "x.env");
      const { entries, problems } = parseEnvFile(text, "x.env");
      expect([...undecoded, ...problems]).toEqual([]);
      expect(entries.map(({ parts }) => parts)).toEqual(
        written.map((text) => (text === "" ? [] : [{ kind: "text", text }])),
      );
    }),
    { numRuns: 15_000 },
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
    { numRuns: 20_000 },
  );
});

test("a file of arbitrary bytes is decoded or reported, line by line", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const { text, problems } = decodeEnvFile(bytes, "x.env");
      const valid = Buffer.from(new TextEncoder().encode(text)).equals(bytes);
      expect(problems.length === 0).toBe(valid);
    }),
    { numRuns: 5000 },
  );
});
