/** A part of a JSON Schema, as far as it is shown. */
export interface SchemaPart {
  type?: string | string[];
  description?: string;
  default?: unknown;
  const?: unknown;
  pattern?: string;
  properties?: Record<string, SchemaPart>;
  required?: string[];
  items?: SchemaPart;
  additionalProperties?: SchemaPart | boolean;
  anyOf?: SchemaPart[];
}

/** Every key of a schema, as a table in Markdown. */
export function schemaTable(schema: SchemaPart): string {
  return table(["key", "type", "", "meaning"], fields(schema, ""));
}

function fields(part: SchemaPart, path: string): string[][] {
  const below = Object.entries(part.properties ?? {});
  const mandatory = new Set(part.required ?? []);
  return below.flatMap(([name, property]) => {
    const key = path === "" ? name : `${path}.${name}`;
    const required = mandatory.has(name) && property.default === undefined;
    const standard =
      property.default === undefined || typeof property.default === "object"
        ? ""
        : `default ${String(property.default)}`;
    const row = [`\`${key}\``, typeOf(property), required ? "mandatory" : standard, property.description ?? ""];
    const others =
      typeof property.additionalProperties === "object" ? fields(property.additionalProperties, `${key}.KEY`) : [];
    const items = property.items?.properties === undefined ? [] : fields(property.items, `${key}[]`);
    return [row, ...fields(property, key), ...others, ...items];
  });
}

function typeOf({ type, const: constant, anyOf, items }: SchemaPart): string {
  if (constant !== undefined) return String(constant);
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(" or ");
  if (Array.isArray(type)) return type.map((one) => typeOf({ type: one })).join(" or ");
  if (type === "array") return `list of ${items === undefined ? "anything" : typeOf(items)}`;
  return type === "object" ? "map" : type === "string" ? "text" : (type ?? "any");
}

/** A table in Markdown. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(headers), line(headers.map(() => "---")), ...rows.map(line)].join("\n");
}
