import { describe, expect, test } from "vitest";
import { parseEnvFile } from "./parseEnvFile.ts";
import { secretReference } from "./secretReference.ts";

const read = (value: string) => parseEnvFile(`# one\nA=${value}\nB=after`, "x.env");

function sources(value: string): unknown[] {
  const { entries, problems } = read(value);
  expect(problems).toEqual([]);
  expect(entries.map(({ key }) => key)).toEqual(["A", "B"]);
  return (entries[0]?.parts ?? []).map((part) => (part.kind === "secret" ? part.source : part));
}

function problem(value: string): string {
  const { entries, problems } = read(value);
  expect(entries.map(({ key }) => key)).toEqual(["A", "B"]);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.hint).not.toBe("");
  return `${problems[0]?.where} ${problems[0]?.message}`;
}

const command = (program: string, ...words: string[]) => ({ scheme: "command", program, arguments: words });
const file = (path: string) => ({ scheme: "file", path });
const text = (text: string) => ({ kind: "text", text });

describe("what is a reference", () => {
  test.each([
    ["${secret:file:~/x}", [file("~/x")]],
    ["${secret:file: /run/a  } # comment", [file("/run/a")]],
    ["\"${secret:file:'my secrets/x'}\"", [file("my secrets/x")]],
    ["${secret:file:\"a 'b'\"}", [file("a 'b'")]],
    ["mysql://u:${secret:file:x}@host", [text("mysql://u:"), file("x"), text("@host")]],
    ["'${secret:file:x}'", [text("${secret:file:x}")]],
    ["${secret:file:x}${secret:file:y}", [file("x"), file("y")]],
    ["${secret:command:pass show a/b}", [command("pass", "show", "a/b")]],
    ["\"${secret:command:op read 'op://v/it em/p'}\"", [command("op", "read", "op://v/it em/p")]],
    ["${secret:command:x \"a b\"c '' d#e}", [command("x", "a bc", "", "d#e")]],
    [
      "${secret:command:x {a} '}' $(touch y) ; `z` \\ *}",
      [command("x", "{a}", "}", "$(touch", "y)", ";", "`z`", "\\", "*")],
    ],
    ["${secret:command:x '${Y}' $Y}", [command("x", "${Y}", "$Y")]],
    ["${secret:command:x a:b}", [command("x", "a:b")]],
  ])("%s", (value, expected) => expect(sources(value)).toEqual(expected));

  test("a default too; `secret` is also a name like others", () => {
    expect(sources("${X:-a${secret:file:x}}")).toEqual([
      {
        kind: "reference",
        name: "X",
        line: 2,
        fallback: [text("a"), { kind: "secret", line: 2, source: file("x") }],
      },
    ]);
    expect(sources("${secret}${secret:-x}")).toMatchObject([{ name: "secret" }, { name: "secret" }]);
  });

  test("its line is the one where it stands", () => {
    const { entries } = parseEnvFile('A="x\n\n${secret:file:x}"', "x.env");
    expect(entries[0]?.parts?.[1]).toMatchObject({ kind: "secret", line: 3 });
  });
});

test.each([
  ["${secret:vault:x}", "names an unknown place"],
  ["${secret:x}", "names no place"],
  ["${secret:}", "names no place"],
  ["${secret:file:}", "names no file"],
  ["${secret:file:''}", "names no file"],
  ["${secret:file:a b}", "more than one file"],
  ["${secret:command: }", "names no program"],
  ["${secret:file:x", "is not closed by }"],
  ["${secret:command:x {}", "is not closed by }"],
  ['"${secret:command:x "a b"}"', "is not closed by }"],
  ["${secret:file:it's}", "a quote inside ${secret:...} is not closed"],
  ["${secret:file:${HOME}/x}", "nothing is expanded"],
  ['${secret:command:x "${Y}"}', "nothing is expanded"],
  ["${secret:file:a\x01b}", "invisible control character"],
])("%s is refused with its line", (value, message) => {
  expect(problem(value)).toMatch(/^x\.env:2 /);
  expect(problem(value)).toContain(message);
});

test.each(["a", "a b", "it's", `a"b'c`, "", "{", "a'b\"c d", "$x"])(
  "the word %j can be written and read again",
  (word) => {
    const source = { scheme: "command" as const, program: "x", arguments: [word, "y"] };
    expect(sources(secretReference(source))).toEqual([source]);
  },
);
