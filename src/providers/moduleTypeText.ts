import type { ModuleType } from "./ModuleType.ts";

/** A type as it is written in a module, attributes in the order of their names, so that equal types give equal text. */
export function moduleTypeText(type: ModuleType | undefined): string {
  if (type === undefined || type === "dynamic") return "any";
  if (typeof type === "string") return type;
  if (type[0] === "object") {
    const optional = new Set(type[2] ?? []);
    const attributes = Object.keys(type[1])
      .sort()
      .map((name) => {
        const text = moduleTypeText(type[1][name]);
        return `${name} = ${optional.has(name) ? `optional(${text})` : text}`;
      });
    return attributes.length === 0 ? "object({})" : `object({ ${attributes.join(", ")} })`;
  }
  if (type[0] === "tuple") return `tuple([${type[1].map(moduleTypeText).join(", ")}])`;
  return `${type[0]}(${moduleTypeText(type[1])})`;
}
