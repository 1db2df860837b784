/**
 * The types of plain values that not every text becomes: which texts the engine turns into one, and what to write. Text
 * for infinity is left out: the engine takes it, and then cannot write its state.
 */
const valueTypes: Readonly<Record<string, { text: RegExp; wanted: string }>> = {
  bool: { text: /^(true|false|1|0)$/, wanted: "true or false" },
  number: { text: /^[+-]?(\d+\.?\d*|\.\d+)([ep][+-]?\d+)?$/i, wanted: "a decimal number" },
};

/** What would have to be written in the place of this text; undefined where the engine takes it for a value of that type. */
export function wantedInstead(text: string, type: string | undefined): string | undefined {
  const known = valueTypes[type ?? ""];
  return known === undefined || known.text.test(text) ? undefined : known.wanted;
}
