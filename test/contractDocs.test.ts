import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { applicationJsonSchema } from "../src/application/applicationJsonSchema.ts";
import { generatedContract, withParts } from "../src/conformance/generatedContract.ts";
import { schemaTable } from "../src/conformance/schemaTable.ts";
import { manifestJsonSchema } from "../src/providers/manifestJsonSchema.ts";
import { moduleTypeText } from "../src/providers/moduleTypeText.ts";
import { standardInputs } from "../src/providers/standardInputs.ts";
import { repository } from "./support/makeTree.ts";

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
