import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { applicationJsonSchema } from "../src/application/applicationJsonSchema.ts";
import { generatedContract, withParts } from "../src/conformance/generatedContract.ts";
import { schemaTable } from "../src/conformance/schemaTable.ts";
import { catalogSchema } from "../src/providers/catalog/catalogSchema.ts";
import { manifestJsonSchema } from "../src/providers/manifestJsonSchema.ts";
import { moduleTypeText } from "../src/providers/moduleTypeText.ts";
import { standardInputs } from "../src/providers/standardInputs.ts";
import { repository } from "./support/makeTree.ts";

const page = (): Promise<string> => readFile(join(repository, "docs", "providers", "contract.md"), "utf8");

test("the catalog that the contract shows is a good one, and its table names every key", async () => {
  const [, text = ""] = /```json catalog\.json\n([\s\S]*?)```/.exec(await page()) ?? [];
  const catalog = catalogSchema.parse(JSON.parse(text));
  expect(catalog.types).toHaveLength(3);
  const table = (await page()).split("## Types and prices")[1]?.split("## Versions")[0] ?? "";
  const { type, ...other } = { type: catalogSchema.shape.types.element.shape, ...catalogSchema.shape };
  for (const key of [...Object.keys(type), ...Object.keys(other)])
    expect(table).toMatch(new RegExp(`^\\| .*\\b${key}\\b`, "m"));
});

test("the contract names everything that a host can do", async () => {
  const host = await readFile(join(repository, "src", "host", "Host.ts"), "utf8");
  const [, text = ""] = /export interface Host \{\n([\s\S]*?)\n\}/.exec(host) ?? [];
  const members = [...text.matchAll(/^  (\w+)[<(:]/gm)].map(([, name]) => name ?? "");
  expect(members.length).toBeGreaterThan(10);
  const table = (await page()).split("### The host")[1]?.split("### Actions")[0] ?? "";
  for (const name of members) expect(table).toMatch(new RegExp(`^\\| .*\`${name}\\b`, "m"));
});

test.each([
  ["ProviderContext", "### The context", "### Prerequisites"],
  ["StackContext extends ProviderContext", "### The context", "### Prerequisites"],
  ["Prerequisite", "### Prerequisites", "### The search"],
])("the contract names every member of %s", async (type, from, to) => {
  const behaviour = await readFile(join(repository, "src", "providers", "behaviour.ts"), "utf8");
  const text = behaviour.split(`export interface ${type} {\n`)[1]?.split("\n}")[0] ?? "";
  const members = [...text.matchAll(/^  (\w+)\??[(:]/gm)].map(([, name]) => name ?? "");
  expect(members.length).toBeGreaterThan(5);
  const table = (await page()).split(from)[1]?.split(to)[0] ?? "";
  for (const name of members) expect(table).toMatch(new RegExp(`^\\| .*\`${name}\\b`, "m"));
});

test("docs/providers/contract.md is what the rules and the schema say; else: npm run docs", async () => {
  const text = await readFile(join(repository, "docs", "providers", "contract.md"), "utf8");
  const inputs = standardInputs.map(({ name, type, meaning }) => ({ name, type: moduleTypeText(type), meaning }));
  expect(text).toBe(generatedContract(text, { schema: manifestJsonSchema(), inputs }));
  for (const part of ["rules", "manifest", "inputs"]) expect(text).toContain(`<!-- ${part} -->`);
});

test("docs/application.md has every field of application.yaml; else: npm run docs", async () => {
  const text = await readFile(join(repository, "docs", "application.md"), "utf8");
  expect(text).toContain("<!-- manifest -->");
  expect(text).toBe(withParts(text, { manifest: schemaTable(applicationJsonSchema()) }));
});
