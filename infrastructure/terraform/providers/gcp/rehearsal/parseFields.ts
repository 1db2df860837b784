import { isFields, refuse } from "./replies.ts";

/** Names with what is wanted below them; undefined for all of it. */
type Selection = Map<string, Selection | undefined>;

/**
 * The standard parameter `fields`: names, `a/b`, `a(b,c)` and `*`, joined by commas.
 * @returns what leaves of an answer what is wanted; all of it for empty text
 */
export function parseFields(text: string): (answer: object) => object {
  if (text === "") return (answer) => answer;
  const tokens = text.match(/[(),/]|[^(),/\s]+/g) ?? [];
  let at = 0;
  const fail = (): never => refuse(400, "invalidParameter", `Invalid field selection ${text}`);
  const take = (token: string): boolean => {
    if (tokens[at] !== token) return false;
    at += 1;
    return true;
  };

  function several(): Selection {
    const selection: Selection = new Map();
    do add(selection, one());
    while (take(","));
    return selection;
  }

  function one(): [string, Selection | undefined] {
    const name = tokens[at] ?? fail();
    if (/^[(),/]$/.test(name)) return fail();
    at += 1;
    if (take("/")) return [name, new Map([one()])];
    if (!take("(")) return [name, undefined];
    const below = several();
    return take(")") ? [name, below] : fail();
  }

  const selection = several();
  return at === tokens.length ? (answer) => selected(answer, selection) as object : fail();
}

/** What is wanted twice: all of it where one of them wants all. */
function add(selection: Selection, [name, below]: [string, Selection | undefined]): void {
  const known = selection.get(name);
  if (!selection.has(name) || below === undefined) selection.set(name, below);
  else if (known !== undefined) for (const entry of below) add(known, entry);
}

function selected(value: unknown, selection: Selection | undefined): unknown {
  if (selection === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => selected(item, selection));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      const wanted = [name, "*"].find((key) => selection.has(key));
      return wanted === undefined ? [] : [[name, selected(item, selection.get(wanted))]];
    }),
  );
}
