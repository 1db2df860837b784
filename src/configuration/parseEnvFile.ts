import type { Problem } from "../errors.ts";
import type { EnvEntry, EnvFile } from "./EnvFile.ts";
import { parseValue } from "./parseValue.ts";
import { steeringName } from "./steeringName.ts";
import { ValueProblem } from "./ValueProblem.ts";

/**
 * Reads `.env` and `.env.tpl` as data; nothing is executed. Never throws: every problem is in the result.
 * Messages never quote what a line says, because it may be a secret. Values are described at `parseValue`.
 * @param file how messages name the file
 */
export function parseEnvFile(original: string, file: string): EnvFile {
  const withNul = original.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const text = withNul.replaceAll("\0", "");
  const lineAt = lineCounter(text);
  const entries = new Map<string, EnvEntry>();
  const problems: Problem[] = nulProblems(withNul, file);
  const report = (line: number, message: string, hint: string, key?: string) =>
    problems.push({ where: `${file}:${line}`, message, hint, ...(key === undefined ? {} : { key }) });

  for (let at = 0; at < text.length;) {
    const lineEnd = endOfLine(text, at);
    const line = lineAt(at);
    const assignment = matchAt(/[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=/y, text, at);
    if (assignment === undefined) {
      const content = text.slice(at, lineEnd).trim();
      if (content !== "" && !content.startsWith("#")) report(line, ...notAnAssignment(content));
      at = lineEnd + 1;
      continue;
    }
    const key = assignment[1] as string;
    const value = readValue(text, at + assignment[0].length, lineAt);
    const { parts, start, end } = value;
    if (value.problem !== undefined) report(lineAt(value.problem.at), value.problem.message, value.problem.hint, key);

    const reason = steeringName(key);
    const earlier = entries.get(key);
    if (reason !== undefined) {
      report(line, `${key} cannot be set here: it ${reason}`, "remove the line", key);
    } else if (earlier !== undefined) {
      report(
        line,
        `${key} is set twice: in line ${earlier.line} and in line ${line}`,
        "keep one of the two lines",
        key,
      );
    } else {
      entries.set(key, { key, line, parts, start, end });
    }
    // After a broken value reading goes on with the very next line, so that one missing quote does not hide the rest.
    at = parts === undefined ? lineEnd + 1 : endOfLine(text, end) + 1;
  }
  return { file, text, entries: [...entries.values()], problems };
}

function readValue(
  text: string,
  start: number,
  lineAt: (offset: number) => number,
): Pick<EnvEntry, "parts" | "start" | "end"> & { problem?: ValueProblem } {
  try {
    return parseValue(text, start, lineAt);
  } catch (problem) {
    if (!(problem instanceof ValueProblem)) throw problem;
    return { parts: undefined, start, end: endOfLine(text, start), problem };
  }
}

function notAnAssignment(content: string): [message: string, hint: string] {
  const hint = "write KEY=VALUE; a value of several lines stands in quotes; a comment begins with #";
  if (/^(export\s+)?[A-Za-z_][A-Za-z0-9_]*$/.test(content)) return ["there is a name but no =", hint];
  if (/^[A-Za-z_][A-Za-z0-9_]*\s*:/.test(content)) return ["there is a colon where = is expected", hint];
  if (/^[^\s=]*=/.test(content))
    return ["the name has other characters than letters, digits and _, or begins with a digit", hint];
  return ["this is neither KEY=VALUE nor a comment", hint];
}

function nulProblems(text: string, file: string): Problem[] {
  if (!text.includes("\0")) return [];
  return text.split("\n").flatMap((content, index) =>
    content.includes("\0")
      ? [
          {
            where: `${file}:${index + 1}`,
            message: "there is a NUL byte, which no variable can hold",
            hint: "save the file as UTF-8 text",
          },
        ]
      : [],
  );
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}
