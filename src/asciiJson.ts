/**
 * JSON for the engine, in ASCII: its reader of JSON goes by characters as people see them, and takes a quote for a part of
 * the one before it where that joins with what follows, as U+0600 does. A value that ends so would break the file, or
 * end elsewhere.
 */
export function asciiJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  return text.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
