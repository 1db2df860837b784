import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const repository = join(import.meta.dirname, "..");
const features = [
  ...["configuration", "providers", "stacks", "engine", "host", "remote", "rehearsal", "conformance"],
  "application",
];
let tree: string;

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "landfall-arrows-"));
  cpSync(join(repository, "oxlint.config.ts"), join(tree, "oxlint.config.ts"));
  symlinkSync(join(repository, "node_modules"), join(tree, "node_modules"));
});
afterAll(() => rmSync(tree, { recursive: true }));

describe("the linter refuses an arrow in the wrong direction", () => {
  const wrong: [from: string, to: string][] = [
    ["cli", "engine"],
    ["cli", "system"],
    ["operations", "cli"],
    ["operations", "reporters"],
    ["operations", "system"],
    ...features.flatMap((feature): [string, string][] => [
      [feature, features.find((other) => other !== feature) ?? ""],
      [feature, "operations"],
      [feature, "system"],
    ]),
    ["reporters", "operations"],
    ["documents", "providers"],
    ["reporters", "stacks"],
    ["events", "engine"],
    ["ports", "operations"],
  ];
  test.each(wrong)("%s -> %s", (from, to) => {
    expect(lint(`src/${from}/planted.ts`, `export { thing } from "../${to}/thing.ts";\n`)).toContain(
      "no-restricted-imports",
    );
  });
});

test("features may know each other's types", () => {
  expect(lint("src/engine/planted.ts", `export type { Thing } from "../stacks/Thing.ts";\n`)).toBe("");
});

test.each(["cli", "operations", ...features, "reporters", "events", "ports"])(
  "%s has no effects of its own",
  (folder) => {
    expect(lint(`src/${folder}/planted.ts`, `export { spawn } from "node:child_process";\n`)).toContain(
      "no-restricted-imports",
    );
    expect(lint(`src/${folder}/planted.ts`, "export const home = process.env;\n")).toContain("no-restricted-globals");
  },
);

test("a file of more than 250 lines is refused", () => {
  expect(lint("src/cli/planted.ts", "export {};\n".repeat(251))).toContain("max-lines");
});

test("every folder of src/ is named by a rule, or may touch the machine", () => {
  const folders = readdirSync(join(repository, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const known = ["cli", "operations", ...features, "reporters", "events", "ports", "documents", "system"];
  expect(folders.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
});

test("no source lies deeper than the launcher looks for changes", () => {
  const paths = readdirSync(join(repository, "src"), { recursive: true, encoding: "utf8" });
  expect(paths.filter((path) => path.split("/").length > 4)).toEqual([]);
});

/** What the linter says of one file, empty when nothing. */
function lint(path: string, source: string): string {
  const file = join(tree, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, source);
  try {
    execFileSync(process.execPath, [join(repository, "node_modules", "oxlint", "bin", "oxlint"), "-f", "unix", path], {
      cwd: tree,
    });
    return "";
  } catch (error) {
    return String((error as { stdout: Buffer }).stdout);
  } finally {
    rmSync(file);
  }
}
