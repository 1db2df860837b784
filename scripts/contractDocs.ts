import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generatedContract, withParts } from "../src/conformance/generatedContract.ts";
import { applicationJsonSchema } from "../src/application/applicationJsonSchema.ts";
import { schemaTable } from "../src/conformance/schemaTable.ts";
import { manifestJsonSchema } from "../src/providers/manifestJsonSchema.ts";
import { standardInputs } from "../src/providers/standardInputs.ts";
import { moduleTypeText } from "../src/providers/moduleTypeText.ts";

/** Writes the generated parts of docs/providers/contract.md and docs/application.md, and the schemas of provider.yaml and application.yaml. */
const file = join(import.meta.dirname, "..", "docs", "providers", "contract.md");
const inputs = standardInputs.map(({ name, type, meaning }) => ({ name, type: moduleTypeText(type), meaning }));
const text = await readFile(file, "utf8");
await writeFile(file, generatedContract(text, { schema: manifestJsonSchema(), inputs }));
const schemas = join(import.meta.dirname, "..", "schemas");
await writeFile(join(schemas, "provider.schema.json"), `${JSON.stringify(manifestJsonSchema(), undefined, 2)}\n`);
await writeFile(join(schemas, "application.schema.json"), `${JSON.stringify(applicationJsonSchema(), undefined, 2)}\n`);
const guide = join(import.meta.dirname, "..", "docs", "application.md");
await writeFile(guide, withParts(await readFile(guide, "utf8"), { manifest: schemaTable(applicationJsonSchema()) }));
