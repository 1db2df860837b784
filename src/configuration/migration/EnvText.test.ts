import { array, assert, constantFrom, property } from "fast-check";
import { expect, test } from "vitest";
import { parseEnvFile } from "../parseEnvFile.ts";
import { EnvText } from "./EnvText.ts";

test("whatever a file holds, what is left of it can be read, with as many lines", () => {
  const pieces = [
    "A=1",
    "A='x",
    "B=$(id)",
    "B=`id`",
    'C="',
    '"',
    "if true; then",
    "PATH=/x",
    "export D=${",
    "\0",
    "",
    "#",
  ];
  assert(
    property(array(constantFrom(...pieces), { maxLength: 12 }), (chosen) => {
      const text = new EnvText(chosen.join("\n"), "old.env");
      expect(parseEnvFile(text.text, "new.env").problems).toEqual([]);
      expect(text.text.split("\n")).toHaveLength(Math.max(1, chosen.length));
    }),
  );
});

test("a value of several lines is left out whole, without its text", () => {
  const text = new EnvText("A=1\nB='secret\nsecret'\nC=2\n", "old.env");
  text.drop("B", "B is gone.");
  expect(text.text).toBe("A=1\n# B is gone.\n#\nC=2\n");
});

test("the last of three lines counts", () => {
  expect(new EnvText("A=1\nA='2\n2'\nA=3\n", "old.env").entries.map(({ line }) => line)).toEqual([4]);
});

test("names and values change in place, and what is added can be read back", () => {
  const text = new EnvText("  export OLD = 'x' # c\nENVIRONMENT=local", "old.env");
  text.rename("OLD", "NEW");
  text.replace("ENVIRONMENT", "development");
  text.append("From x:", [["ADDED", "it's $HOME"]]);
  expect(text.text).toBe("  export NEW = 'x' # c\nENVIRONMENT=development\n\n# From x:\nADDED=\"it's \\$HOME\"\n");
  expect(text.notes).toEqual([]);
});
