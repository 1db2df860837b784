import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type YAMLMap,
} from "yaml";
import type { Problem } from "../errors.ts";
import { yamlOffset } from "./yamlOffset.ts";

/** Data of a YAML file that knows its lines. */
export interface YamlFile {
  data: unknown;
  /** What keeps the file from being read at all. */
  problems: readonly Problem[];
  /** `FILE:LINE` of what stands at a path; of the nearest thing around it where that is absent. */
  where(path: readonly PropertyKey[]): string;
}

export interface YamlLimits {
  /** What messages call such a file, such as "a manifest". */
  kind: string;
  bytes: number;
  /** Also reads `<<`, as YAML 1.1 did. */
  merge?: boolean;
  aliases?: number;
}

const mostDepth = 10;
const mostAliases = 20;
const mostNodes = 4000;
const mostProblems = 20;

/** Reads plain data: one document, no tags, no bombs. Numbers in `default` and `examples` keep their spelling, as text. */
export function readYaml(text: string, file: string, limits: YamlLimits): YamlFile {
  const { kind, merge = false, aliases = mostAliases } = limits;
  const failed = (problems: Problem[]): YamlFile => ({ data: undefined, problems, where: () => file });
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.bytes) {
    return failed([{ message: `the file has ${bytes} bytes; ${kind} has at most ${limits.bytes}`, where: file }]);
  }
  if (/[\u0000\ufffd]/.test(text)) return failed([{ message: "not text in UTF-8", where: file }]);
  const lines = new LineCounter();
  let document: Document.Parsed;
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: "error",
      uniqueKeys: false,
      merge,
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return failed([{ message: `nested more than ${mostDepth} levels deep`, where: file }]);
  }
  const at = (offset: number): string => `${file}:${lines.linePos(offset).line}`;

  // What follows an error of syntax mostly follows from it.
  const problems: Problem[] = document.errors.slice(0, 1).map(({ message, pos }) => ({
    message: notYaml(message),
    where: at(pos[0]),
  }));
  // A directive changes what the rest means.
  const directive = text.search(/^%/m);
  if (directive !== -1) problems.unshift({ message: "a directive: only plain data is accepted", where: at(directive) });
  if (problems.length === 0) problems.push(...oddities(document, aliases, at));
  if (problems.length > 0) return failed(problems.slice(0, mostProblems));
  try {
    const data: unknown = document.toJS({ maxAliasCount: aliases });
    return { data, problems, where: (path) => at(yamlOffset(document, path)) };
  } catch (error) {
    return failed([{ message: notYaml(error instanceof Error ? error.message : String(error)), where: file }]);
  }
}

/** What YAML allows and a manifest does not. */
function oddities(document: Document.Parsed, mostAliases: number, at: (offset: number) => string): Problem[] {
  const problems: Problem[] = [];
  let aliases = 0;
  let nodes = 0;
  const add = (node: Node, message: string): void => void problems.push({ message, where: at(node.range?.[0] ?? 0) });

  visit(document, {
    Node(_key, node, path) {
      nodes += isCollection(node) ? node.items.length + 1 : 1;
      if (nodes > mostNodes) {
        add(node, `more than ${mostNodes} keys and values`);
        return visit.BREAK;
      }
      if (isMap(node)) repeatedKeys(node).forEach((key) => add(key, notYaml("Map keys must be unique")));
      // Between two levels of data there is a pair in the path of nodes.
      if (path.length > 2 * mostDepth) {
        add(node, `nested more than ${mostDepth} levels deep`);
        return visit.BREAK;
      }
      if (isAlias(node)) aliases += 1;
      if (isAlias(node) && aliases === mostAliases + 1) add(node, `more than ${mostAliases} aliases`);
      if (node.tag !== undefined) add(node, `a tag, ${node.tag}: only plain data is accepted`);
      if (isScalar(node) && typeof node.value === "string" && controlCharacter.test(node.value)) {
        add(node, "text with a control character");
      }
      if (isScalar(node) && typeof node.value === "string" && isInvisible(node.value)) {
        add(node, "text with invisible characters, or such that reverses the writing");
      }
      return undefined;
    },
    Pair(_key, { key, value }) {
      if (!isScalar(key)) add(key as Node, "a key that is not a plain word");
      else if (key.value === "__proto__") add(key, 'unknown key "__proto__"');
      else if (key.value === "default") keepSpelling(value);
      else if (key.value === "examples" && isSeq(value)) value.items.forEach(keepSpelling);
    },
  });
  return problems;
}

// eslint-disable-next-line no-control-regex -- terminals would obey them
const controlCharacter = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

const invisible = /[\p{Bidi_Control}\u200b\u2028\u2029\u2060\ufeff]/u;

function isInvisible(text: string): boolean {
  return invisible.test(text) || !text.isWellFormed();
}

/** The library's own comparison takes a time that grows with the square of the number of keys. */
function repeatedKeys({ items }: YAMLMap): Node[] {
  const seen = new Set<unknown>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const repeated = seen.has(key.value);
    seen.add(key.value);
    return repeated ? [key] : [];
  });
}

/** `24.10` is a version, not the number 24.1. */
function keepSpelling(node: unknown): void {
  if (isScalar(node) && typeof node.value === "number" && node.source !== undefined) node.value = node.source;
}

function notYaml(message: string): string {
  // The library goes down with the levels of the text.
  if (message.startsWith("Maximum call stack")) return `nested more than ${mostDepth} levels deep`;
  return `not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}
