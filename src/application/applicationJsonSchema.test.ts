import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { expect, test } from "vitest";
import { applicationJsonSchema } from "./applicationJsonSchema.ts";
import { site } from "./testing/applicationBench.ts";

test("schemas/application.schema.json is what the code says, and takes what the code takes", async () => {
  const published = join(import.meta.dirname, "../../schemas/application.schema.json");
  expect(JSON.parse(await readFile(published, "utf8"))).toEqual(applicationJsonSchema());
  const validate = new Ajv({ strict: false }).compile(applicationJsonSchema());
  const manifest = site["application.yaml"];
  expect(validate(parse(manifest)), JSON.stringify(validate.errors)).toBe(true);
  expect(validate(parse(manifest.replace("title", "tittle")))).toBe(false);
  expect(validate(parse(manifest.replace("application: 1", "application: 2")))).toBe(false);
});
