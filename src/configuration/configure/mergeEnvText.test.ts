import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Part } from "../EnvFile.ts";
import { parseEnvFile } from "../parseEnvFile.ts";
import { mergeTemplate, setEnvValue } from "./mergeEnvText.ts";
import { joinPieces, splitEnvText } from "./splitEnvText.ts";

const names = { canonical: (name: string) => (name === "OLD" ? "NEW" : name) };
const merge = (current: string, template: string, wanted: string[] = []) =>
  mergeTemplate(current, template, new Set(wanted), names);
const set = (text: string, key: string, value: string) => setEnvValue(text, key, value, names);

describe("what the template gained", () => {
  const template = [
    "# Head.",
    "",
    "# About A.",
    "A=1",
    "",
    "# --- Second ---",
    "",
    "# About B and C.",
    "B=2",
    "C='3",
    "3' # three",
    "",
    "# About D.",
    "#D=4",
    "",
  ].join("\n");

  test("comes in behind the setting before it, with its comment and the headline of its section", () => {
    expect(merge("# mine\nA=x\nZ=z\n", template)).toEqual({
      text: "# mine\nA=x\n\n# --- Second ---\n\n# About B and C.\nB=2\nC='3\n3' # three\nZ=z\n",
      added: ["B", "C"],
    });
  });

  test("what is there already is not said twice", () => {
    const text = "A=1\n\n# --- Second ---\n\n# About B and C.\nC=3\n";
    expect(merge(text, template)).toEqual({
      text: "A=1\n\nB=2\n\n# --- Second ---\n\n# About B and C.\nC=3\n",
      added: ["B"],
    });
  });

  test("at the end where nothing of the template is there", () => {
    expect(merge("Z=z", "A=1\n").text).toBe("Z=z\nA=1\n");
  });

  test("an older spelling, and a line that the user put a # in front of, count as there", () => {
    for (const text of ["OLD=1\n", "#NEW=1\n", "# NEW=1\n", "# OLD='a b'\n"]) {
      expect(merge(text, "NEW=2\n")).toEqual({ text, added: [] });
    }
    expect(merge("# NEW=1 is what we want\n", "NEW=2\n").added).toEqual(["NEW"]);
  });

  test("what only looks like a comment inside of a value is none", () => {
    expect(merge('X="\n#NEW=1\n"\n', "NEW=2\n").added).toEqual(["NEW"]);
  });

  test("a setting behind a # comes only where it is wanted", () => {
    expect(merge("A=1\nB=2\nC=3\n", template).text).toBe("A=1\nB=2\nC=3\n");
    expect(merge("A=1\nB=2\nC=3\n", template, ["D"])).toEqual({
      text: "A=1\nB=2\nC=3\n\n# About D.\nD=\n",
      added: [],
    });
  });

  test("line ends of the file hold for what is added", () => {
    expect(merge("A=1\r\n", template).text).toBe(
      "A=1\r\n\r\n# --- Second ---\r\n\r\n# About B and C.\r\nB=2\r\nC='3\r\n3' # three\r\n",
    );
  });
});

describe("a value", () => {
  test.each([
    ["A=1 # why\nB=2\n", "A=x # why\nB=2\n"],
    ["  export A = '1'\n", "  export A = x\n"],
    ["A=  # why\n", "A=  x # why\n"],
    ["A=", "A=x"],
    ["\uFEFFA=1\r\n# c\r\n", "\uFEFFA=x\r\n# c\r\n"],
    ['A="1\n2"\nB=2\n', "A=x\nB=2\n"],
    ["#A=0\nB=2\n", "A=x\nB=2\n"],
    ["#A=0\nA=1\n", "#A=0\nA=x\n"],
    ["B=2", "B=2\nA=x\n"],
    ["# A=1 is fine\n", "# A=1 is fine\nA=x\n"],
    ["", "A=x\n"],
  ])("%j becomes %j", (before, after) => {
    expect(set(before, "A", "x")).toBe(after);
  });

  test("stands under the spelling that the file has; a new line gets the present one", () => {
    expect(set("OLD=1\n", "NEW", "2")).toBe("OLD=2\n");
    expect(set("#OLD=1\n", "NEW", "2")).toBe("NEW=2\n");
    expect(set("", "OLD", "2")).toBe("NEW=2\n");
  });
});

const word = fc.constantFrom("A", "B", "C", "NEW", "OLD", "LONG_NAME");
const value = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."ab #$'\"\\\n\r{}=:-é") }),
  fc.constantFrom("''", '""', "'a\nb'", "${A:-x}", "REPLACE_WITH_SECURE_X", "x # c", "", "'#A=1\n'"),
);
const line = fc.oneof(
  fc
    .tuple(fc.constantFrom("", "export ", "#", "# ", "  "), word, value)
    .map(([lead, key, text]) => `${lead}${key}=${text}`),
  fc.constantFrom("", "  ", "# about", "# --- part ---", "#"),
);
/** Any text that can be read; what cannot is refused before anything is merged. */
const file = fc
  .tuple(fc.array(line, { maxLength: 9 }), fc.constantFrom("\n", "\r\n"), fc.constantFrom("", "\uFEFF"), fc.boolean())
  .map(([lines, eol, mark, ends]) => `${mark}${lines.join(eol)}${ends ? eol : ""}`)
  .filter((text) => parseEnvFile(text, "").problems.length === 0);

/** Without line numbers, which change when something comes in above. */
function meaning(parts: readonly Part[] | undefined): string {
  return JSON.stringify(parts, (key, part: unknown) => (key === "line" ? undefined : part));
}

test("any text is its pieces put together, and its entries are those that the parser finds", () => {
  fc.assert(
    fc.property(file, (text) => {
      const pieces = splitEnvText(text);
      expect(joinPieces(pieces)).toBe(text);
      const plain = parseEnvFile(text, "");
      const entries = pieces.flatMap((piece) => (piece.key === undefined ? [] : [piece]));
      expect(entries.map(({ key }) => key)).toEqual(plain.entries.map(({ key }) => key));
      for (const [index, entry] of entries.entries()) {
        const { start = 0, end = 0 } = plain.entries[index] ?? {};
        expect(entry.text.slice(entry.start, entry.end).replaceAll("\r\n", "\n")).toBe(plain.text.slice(start, end));
      }
    }),
    { numRuns: 3000 },
  );
});

test("any file and any template: every line that was there stays, in order, and means what it meant; a second time changes nothing", () => {
  fc.assert(
    fc.property(file, file, (current, template) => {
      const { text, added } = merge(current, template);
      const before = parseEnvFile(current, "");
      const after = parseEnvFile(text, "");
      expect(after.problems).toEqual([]);
      const kept = splitEnvText(text).map((piece) => piece.text.trimEnd());
      for (const piece of splitEnvText(current)) {
        const place = kept.indexOf(piece.text.trimEnd());
        expect(place, piece.text).not.toBe(-1);
        kept.splice(0, place + 1);
      }
      for (const { key, parts } of before.entries) {
        expect(meaning(after.entries.find((entry) => entry.key === key)?.parts)).toBe(meaning(parts));
      }
      expect(after.entries.map(({ key }) => key).toSorted()).toEqual(
        [...before.entries.map(({ key }) => key), ...added].toSorted(),
      );
      for (const { key } of parseEnvFile(template, "").entries) {
        const known = splitEnvText(text).flatMap((piece) => piece.key ?? piece.commented ?? []);
        expect(known.map(names.canonical)).toContain(names.canonical(key));
      }
      expect(merge(text, template)).toEqual({ text, added: [] });
    }),
    { numRuns: 3000 },
  );
});

test("any value in any file: it is read back, and nothing else has changed", () => {
  fc.assert(
    fc.property(file, word, fc.string({ unit: "binary" }), (current, key, text) => {
      const literal = text.replaceAll("\0", "").toWellFormed();
      const after = parseEnvFile(set(current, key, literal), "");
      expect(after.problems).toEqual([]);
      const means = ({ canonical }: typeof names, name: string) => canonical(name) === canonical(key);
      const given = after.entries.find((entry) => means(names, entry.key));
      expect(given?.parts).toEqual(literal === "" ? [] : [{ kind: "text", text: literal }]);
      const others = ({ entries }: typeof after) =>
        entries.filter((entry) => entry.key !== given?.key).map((entry) => [entry.key, meaning(entry.parts)]);
      expect(others(after)).toEqual(others(parseEnvFile(current, "")).filter(([name]) => name !== given?.key));
    }),
    { numRuns: 3000 },
  );
});
