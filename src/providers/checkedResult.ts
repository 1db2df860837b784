type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === "string";
/** What stands in a table, or in a sentence. */
const isLine: Test = (value) => typeof value === "string" && !/[\p{Cc}\u2028\u2029]/u.test(value);
const isFlag: Test = (value) => typeof value === "boolean";
const isFunction: Test = (value) => typeof value === "function";
const isStatus: Test = (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255;
const isObject: Test = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isList =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
const isOneOf =
  (...words: unknown[]): Test =>
  (value) =>
    words.includes(value);

const orphan: Record<string, Test> = { address: isLine, id: isLine, title: isLine };
const orphans: Form = [isList(hasKeys(orphan)), "a list of { address, id, title }, each a text of one line"];

type Form = readonly [fits: Test, form: string];

/** What each function has to give, beyond what types can promise of code that nobody has to check. */
const forms: Readonly<Record<string, Form>> = {
  checkPrerequisites: [
    isList(
      hasKeys(
        { id: isLine, title: isLine, state: isOneOf("met", "missing", "unknown") },
        { optional: isFlag, detail: isText, fix: isText, perform: isFunction, after: isList(isText) },
      ),
    ),
    "a list of { id, title, state: met, missing or unknown }, each a text of one line, and optional: a boolean, " +
      "detail and fix: texts, perform: a function, after: a list of texts",
  ],
  prepare: [
    (result) => result === undefined || (isObject(result) && Object.values(Object(result)).every(isText)),
    "an object of settings, each a text",
  ],
  inspectMachine: [
    hasKeys(
      { state: isOneOf("absent", "stopped", "running", "unknown") },
      { detail: isText, leftovers: isList(isText) },
    ),
    "{ state: absent, stopped, running or unknown }, and detail: a text, leftovers: a list of texts",
  ],
  findOrphans: orphans,
  findNameless: orphans,
  action: [
    (result) =>
      result === undefined ||
      (hasKeys({}, { status: isStatus, text: isText, data: isData })(result) &&
        Object.keys(Object(result)).every((key) => ["status", "text", "data"].includes(key))),
    "nothing, or { status: a whole number of 0 to 255, text: a text, data: an object that JSON can hold }",
  ],
};

/** What a function of a provider gave. Throws TypeError for what has another form; its message names no values. */
export function checkedResult(name: string, result: unknown): unknown {
  const [fits, form] = forms[name] ?? [];
  if (fits?.(result) === false) throw new TypeError(`it gave ${shown(result)}, not ${form}`);
  return result;
}

function hasKeys(needed: Readonly<Record<string, Test>>, others: Readonly<Record<string, Test>> = {}): Test {
  return (value) => {
    if (!isObject(value)) return false;
    const given = Object(value) as Record<string, unknown>;
    return (
      Object.entries(needed).every(([key, test]) => test(given[key])) &&
      Object.entries(others).every(([key, test]) => given[key] === undefined || test(given[key]))
    );
  };
}

function isData(value: unknown): boolean {
  try {
    return isObject(value) && JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}

/** Its keys and types alone: values may be secret. */
function shown(result: unknown): string {
  const [item] = Array.isArray(result) ? result : [result];
  if (typeof item !== "object" || item === null) return Array.isArray(result) ? "a list" : String(typeof item);
  const keys = Object.entries(item).map(([key, value]) => `${key}: ${typeof value}`);
  return `${Array.isArray(result) ? "a list of " : ""}{ ${keys.join(", ")} }`;
}
