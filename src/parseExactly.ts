/**
 * Reads JSON of the engine, whose numbers have 512 bits. A number that JavaScript would change becomes the text that stood
 * there: every integer beyond 2^53 - 1, where neighbours are the same number, and whatever has more digits than are kept.
 */
export function parseExactly(text: string, changed: (source: string) => unknown = (source) => source): unknown {
  return JSON.parse(text, ((_key: string, value: unknown, context?: { source?: string }) => {
    // Before Node 22, what stood there is not told.
    const source = context?.source;
    return typeof value !== "number" || source === undefined || isExact(value, source) ? value : changed(source);
  }) as Parameters<typeof JSON.parse>[1]);
}

/** For `changed`, where the value is only written again: as the same digits. */
export const rawNumber = (JSON as unknown as { rawJSON: (source: string) => unknown }).rawJSON;

function isExact(value: number, source: string): boolean {
  if (Number.isInteger(value)) return Number.isSafeInteger(value) && digits(source) === digits(String(value));
  return Number.isFinite(value) && digits(source) === digits(String(value));
}

/** The same text for the same value, however it is written. */
function digits(number: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number) ?? [];
  const all = (whole + fraction).replace(/^0+/, "");
  const kept = all.replace(/0+$/, "");
  return kept === "" ? "0" : `${sign}${kept}e${Number(exponent) - fraction.length + all.length - kept.length}`;
}
