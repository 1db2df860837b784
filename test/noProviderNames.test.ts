import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const repository = join(import.meta.dirname, "..");
const names = readdirSync(join(repository, "infrastructure", "terraform", "providers"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const sources = readdirSync(join(repository, "src"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));

test("there is something to look for and somewhere to look", () => {
  expect(names.length).toBeGreaterThan(0);
  expect(sources.length).toBeGreaterThan(50);
});

test.each(names)("no file of src/ knows the provider %s", (name) => {
  const word = new RegExp(`(?<![a-z0-9])${name}(?![a-z0-9])`, "i");
  const knowing = sources.filter((path) => word.test(path) || word.test(readFileSync(path, "utf8")));
  expect(knowing).toEqual([]);
});
