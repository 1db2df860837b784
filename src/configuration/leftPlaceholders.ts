import type { Problem } from "../errors.ts";
import type { Expansion } from "./expandValues.ts";
import { originText } from "./Layers.ts";
import { placeholderIn, placeholderOf } from "./placeholders.ts";

/**
 * Every value that a template's placeholder is still part of. What takes it over from another variable is not listed:
 * that variable is. Nor is what a higher layer replaces.
 */
export function leftPlaceholders({ values }: Expansion): Problem[] {
  return [...values.values()].flatMap((value) => {
    const placeholder = placeholderIn(value.text);
    if (placeholder === undefined) return [];
    const takenOver = value.parts.some((part) => part.kind === "reference" && part.name !== value.spelling);
    if (takenOver && placeholderOf(value) === undefined) return [];
    return [
      {
        where: originText(value.origin, value.spelling),
        key: value.key,
        message: `${value.spelling} is still ${placeholder}`,
        hint: "replace it by your own value",
      },
    ];
  });
}
