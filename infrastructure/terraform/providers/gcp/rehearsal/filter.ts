import { compareTexts } from "./compareTexts.ts";
import { invalid, isFields } from "./replies.ts";

type Test = (item: object) => boolean;

/**
 * The documented `filter` of lists: comparisons of a field with a value, in brackets, joined by AND (also left out) and
 * OR; `eq` and `ne` compare with a regular expression, `:` looks for a part of the text.
 */
export function parseFilter(text: string): Test {
  const tokens = text.match(/\(|\)|"[^"]*"|'[^']*'|!=|>=|<=|=|<|>|:|[^\s()=!<>:"']+/g) ?? [];
  let at = 0;
  const fail = (): never => invalid("filter", text, "Invalid list filter expression.");

  function either(): Test {
    const tests = [both()];
    while (tokens[at] === "OR") {
      at += 1;
      tests.push(both());
    }
    return (item) => tests.some((test) => test(item));
  }

  function both(): Test {
    const tests = [single()];
    while (at < tokens.length && tokens[at] !== "OR" && tokens[at] !== ")") {
      if (tokens[at] === "AND") at += 1;
      tests.push(single());
    }
    return (item) => tests.every((test) => test(item));
  }

  function single(): Test {
    if (tokens[at] === "NOT") {
      at += 1;
      const test = single();
      return (item) => !test(item);
    }
    if (tokens[at] !== "(") return comparison();
    at += 1;
    const test = either();
    if (tokens[at] !== ")") return fail();
    at += 1;
    return test;
  }

  function comparison(): Test {
    const [field, operator, raw] = tokens.slice(at, at + 3);
    if (field === undefined || operator === undefined || raw === undefined) return fail();
    at += 3;
    const value = raw.replace(/^(["'])(.*)\1$/, "$2");
    const compare = compareBy(operator, value) ?? fail();
    if (/[[\]*]/.test(field)) return fail();
    return (item) => compare(valueOf(item, field.split("."), fail));
  }

  const test = either();
  return at === tokens.length ? test : fail();
}

function compareBy(operator: string, value: string): ((found: string | undefined) => boolean) | undefined {
  switch (operator) {
    case "=":
      return (found) => matches(found, value);
    case "!=":
      return (found) => !matches(found, value);
    case "eq":
      return (found) => found !== undefined && wholly(value).test(found);
    case "ne":
      return (found) => found === undefined || !wholly(value).test(found);
    case ":":
      return (found) => found !== undefined && (value === "*" || found.includes(value.replace(/\*$/, "")));
    case ">":
      return (found) => found !== undefined && order(found, value) > 0;
    case "<":
      return (found) => found !== undefined && order(found, value) < 0;
    case ">=":
      return (found) => found !== undefined && order(found, value) >= 0;
    case "<=":
      return (found) => found !== undefined && order(found, value) <= 0;
    default:
      return undefined;
  }
}

/** Numbers by their size, all else as text. */
function order(found: string, value: string): number {
  const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);
  return isNumber(found) && isNumber(value) ? Number(found) - Number(value) : compareTexts(found, value);
}

/** Equal, or beginning so where the value ends with a star. */
function matches(found: string | undefined, value: string): boolean {
  if (found === undefined) return false;
  return value.endsWith("*") ? found.startsWith(value.slice(0, -1)) : found === value;
}

function wholly(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    return invalid("filter", pattern, "Invalid regular expression.");
  }
}

/** @param fail for lists and objects, which the API does not compare */
function valueOf(item: unknown, [first, ...rest]: readonly string[], fail: () => never): string | undefined {
  if (item === undefined) return undefined;
  if (Array.isArray(item) || (first === undefined && isFields(item))) return fail();
  if (first === undefined) return String(item);
  return isFields(item) ? valueOf(item[first], rest, fail) : undefined;
}
