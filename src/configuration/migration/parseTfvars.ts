import type { Problem } from "../../errors.ts";

export interface TfvarsValue {
  name: string;
  text: string;
  line: number;
}

export interface TfvarsFile {
  /** As it is named in messages. */
  file: string;
  values: readonly TfvarsValue[];
  problems: readonly Problem[];
}

/**
 * Reads the part of `.tfvars` that the shell version wrote: `NAME = "text"`, numbers, `true` and `false`. Everything
 * else is a problem with its line. Never throws, evaluates nothing, and no message quotes a value.
 */
export function parseTfvars(original: string, file: string): TfvarsFile {
  const lines = original.replace(/^\uFEFF/, "").split(/\r?\n/);
  const values = new Map<string, TfvarsValue>();
  const problems: Problem[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const content = (lines[index] ?? "").trim();
    if (content === "" || content.startsWith("#") || content.startsWith("//")) continue;
    const line = index + 1;
    const [, name, rest] = /^([A-Za-z_][\w-]*)\s*=\s*(.*)$/.exec(content) ?? [];
    const text = rest === undefined ? undefined : scalar(rest);
    if (name !== undefined && text !== undefined) {
      values.set(name, { name, text, line });
      continue;
    }
    const end = lastLine(lines, index);
    problems.push({
      where: `${file}:${line}`,
      ...(name === undefined ? {} : { key: name }),
      message: "this is no plain text, number, true or false",
      hint: "write what it means into the environment's or the provider's file",
    });
    index = end;
  }
  return { file, values: [...values.values()], problems };
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

function scalar(rest: string): string | undefined {
  const plain = /^(true|false|-?\d+(?:\.\d+)?)\s*(?:(?:#|\/\/).*)?$/.exec(rest);
  if (plain !== null) return plain[1];
  const body = /^"((?:[^"\\]|\\.)*)"\s*(?:(?:#|\/\/).*)?$/.exec(rest)?.[1];
  if (body === undefined || /(^|[^$])\$\{|(^|[^%])%\{/.test(body) || /\\[^nrt"\\]/.test(pairs(body))) return undefined;
  const unescaped = body.replace(/\\(.)/g, (whole, character: string) => escapes[character] ?? whole);
  return unescaped.replaceAll("$${", "${").replaceAll("%%{", "%{");
}

/** Without escaped backslashes, which would seem to escape what follows them. */
function pairs(body: string): string {
  return body.replaceAll("\\\\", "");
}

/** Where a value of several lines ends: a list, an object, a here-document, a block comment. */
function lastLine(lines: readonly string[], first: number): number {
  const start = lines[first] ?? "";
  const marker = /=\s*<<-?\s*(\w+)\s*$/.exec(start)?.[1];
  if (marker !== undefined) return find(lines, first + 1, (line) => line.trim() === marker);
  if (start.trim().startsWith("/*")) return find(lines, first, (line) => line.includes("*/"));
  let depth = 0;
  return find(lines, first, (line) => {
    const bare = line.replace(/"(?:[^"\\]|\\.)*"/g, "").replace(/(#|\/\/).*$/, "");
    depth += (bare.match(/[[{(]/g) ?? []).length - (bare.match(/[\]})]/g) ?? []).length;
    return depth <= 0;
  });
}

function find(lines: readonly string[], from: number, ends: (line: string) => boolean): number {
  for (let index = from; index < lines.length; index += 1) if (ends(lines[index] ?? "")) return index;
  return lines.length;
}
