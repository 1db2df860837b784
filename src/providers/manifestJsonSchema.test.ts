import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { manifestJsonSchema } from "./manifestJsonSchema.ts";

const published = join(import.meta.dirname, "../../schemas/provider.schema.json");

describe("manifestJsonSchema", () => {
  it("is what schemas/provider.schema.json holds", async () => {
    expect(JSON.parse(await readFile(published, "utf8"))).toEqual(manifestJsonSchema());
  });

  it("describes every key", () => {
    const undescribed: string[] = [];
    const visit = (part: Record<string, unknown>, path: string): void => {
      for (const [name, property] of Object.entries((part["properties"] ?? {}) as Record<string, never>)) {
        if (typeof property["description"] !== "string") undescribed.push(`${path}${name}`);
        visit(property, `${path}${name}.`);
      }
      for (const name of ["additionalProperties", "items"]) {
        if (typeof part[name] === "object") visit(part[name] as never, `${path}*.`);
      }
    };
    visit(manifestJsonSchema(), "");
    expect(undescribed).toEqual([]);
  });

  it("accepts a manifest and refuses a misspelt one", () => {
    const validate = new Ajv({ strict: false }).compile(manifestJsonSchema());
    const manifest = "{ contract: 1, name: acme, title: Acme, settings: { a: { default: 1, secret: false } } }";
    expect(validate(parse(manifest))).toBe(true);
    expect(validate(parse(manifest.replace("title", "tittle")))).toBe(false);
    expect(validate(parse(manifest.replace("contract: 1", "contract: 2")))).toBe(false);
  });
});
