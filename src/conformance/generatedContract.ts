import { contractRules } from "./contractRules.ts";
import { schemaTable, table, type SchemaPart } from "./schemaTable.ts";

/** The contract's text with its generated parts made anew: what stands between `<!-- NAME -->` and `<!-- end -->`. */
export function generatedContract(
  text: string,
  { schema, inputs }: { schema: SchemaPart; inputs: readonly { name: string; type: string; meaning: string }[] },
): string {
  const parts: Record<string, string> = {
    rules: table(
      ["rule", "what has to be so", "", "why", "level", "how it is checked"],
      contractRules.map(({ id, rule, mandatory, why, level, how }) => [
        `\`${id}\``,
        rule,
        mandatory ? "mandatory" : "optional",
        why,
        level,
        how,
      ]),
    ),
    manifest: schemaTable(schema),
    inputs: table(
      ["input", "type", "meaning"],
      inputs.map(({ name, type, meaning }) => [`\`${name}\``, `\`${type}\``, meaning]),
    ),
  };
  return withParts(text, parts);
}

/** A text whose parts between `<!-- NAME -->` and `<!-- end -->` are made anew. */
export function withParts(text: string, parts: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /(<!-- ([a-z]+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (whole, begin: string, name: string, end: string) =>
      parts[name] === undefined ? whole : `${begin}\n${parts[name]}\n\n${end}`,
  );
}
