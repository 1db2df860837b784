import type { Problem } from "../../errors.ts";
import { TfvarsError, TfvarsText } from "./TfvarsText.ts";

export type TfvarsValue = string | number | boolean | null | TfvarsValue[] | { [key: string]: TfvarsValue };

const deepest = 32;

/**
 * Reads variables as the engine writes them, `name = value`, as data: texts with escapes, heredocs, numbers, true, false,
 * null, lists and maps. Expressions, templates and blocks are problems, and so is a name that comes twice.
 * @param file how it is called in problems, which quote nothing of it
 */
export function parseTfvars(text: string, file: string): { values: Map<string, TfvarsValue>; problems: Problem[] } {
  const input = new TfvarsText(text.replace(/^\uFEFF/, ""));
  const values = new Map<string, TfvarsValue>();
  const problems: Problem[] = [];
  for (;;) {
    input.skip(true);
    if (input.ended) return { values, problems };
    let name: string | undefined;
    try {
      name = input.identifier();
      const { position } = input;
      if (name === undefined) return input.fail("something that is no name of a variable", "write name = value");
      input.skip(false);
      if (!input.take("=")) input.fail("a name without = after it", "write name = value, and no blocks");
      input.skip(false);
      const value = readValue(input, 0);
      input.skip(false);
      if (!input.ended && !input.take("\n")) {
        input.fail(
          "more on the line after the value",
          'a " in a value has to be written \\", and only plain values can be read',
        );
      }
      if (values.has(name)) {
        input.fail("a name that was given a value before", "a line end in a value has to be written \\n", position);
      }
      values.set(name, value);
    } catch (error) {
      if (!(error instanceof TfvarsError)) throw error;
      const { message, line, hint } = error;
      problems.push({
        message: `${name === undefined ? "there is" : `${name}:`} ${message}`,
        where: `${file}:${line}`,
        ...(name === undefined ? {} : { key: name }),
        hint,
      });
      input.recover();
    }
  }
}

function readValue(input: TfvarsText, depth: number): TfvarsValue {
  if (depth > deepest) input.fail(`more than ${deepest} levels`, "flatten it");
  const simple = input.heredoc() ?? input.quoted() ?? input.number();
  if (simple !== undefined) return simple;
  if (input.take("[")) return readList(input, depth);
  if (input.take("{")) return readMap(input, depth);
  const word = input.identifier();
  if (word === "true" || word === "false") return word === "true";
  if (word === "null") return null;
  return word === undefined
    ? input.fail("no value", "give one; an empty text is two quotes")
    : input.fail("an expression", "only plain values can be read: text stands in quotes");
}

function readList(input: TfvarsText, depth: number): TfvarsValue[] {
  const list: TfvarsValue[] = [];
  for (;;) {
    input.skip(true);
    if (input.take("]")) return list;
    list.push(readValue(input, depth + 1));
    input.skip(true);
    if (input.take("]")) return list;
    if (!input.take(",")) input.fail("a list without a comma between values", "write [a, b]");
  }
}

function readMap(input: TfvarsText, depth: number): Record<string, TfvarsValue> {
  const entries = new Map<string, TfvarsValue>();
  for (;;) {
    input.skip(true);
    if (input.take("}")) break;
    const key = input.quoted() ?? input.identifier() ?? input.fail("a map without a key", "write { key = value }");
    input.skip(true);
    if (!input.take("=") && !input.take(":")) input.fail("a key without = after it", "write { key = value }");
    input.skip(true);
    if (entries.has(key)) input.fail("a key that comes twice", "take one out");
    entries.set(key, readValue(input, depth + 1));
    const parted = input.skip(true);
    if (input.take("}")) break;
    if (!input.take(",") && !parted)
      input.fail("a map without a comma or a line end between entries", "write { a = 1, b = 2 }");
  }
  return Object.fromEntries(entries);
}
