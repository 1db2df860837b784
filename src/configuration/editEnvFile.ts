import type { EnvFile } from "./EnvFile.ts";
import { quoteEnvValue } from "./quoteEnvValue.ts";

/**
 * The text of an env file with the values of some keys replaced, added behind the last that was replaced, or, with
 * undefined, taken out with their lines. Everything else stays as it is.
 */
export function editEnvFile(file: EnvFile, changes: ReadonlyMap<string, string | undefined>): string {
  const { text, entries } = file;
  let edited = "";
  let copied = 0;
  let place: number | undefined;
  for (const { key, start, end } of entries) {
    if (!changes.has(key)) continue;
    const value = changes.get(key);
    const lineStart = text.lastIndexOf("\n", start - 1) + 1;
    const lineEnd = text.indexOf("\n", end) === -1 ? text.length : text.indexOf("\n", end) + 1;
    edited += text.slice(copied, value === undefined ? lineStart : start);
    copied = value === undefined ? lineEnd : end;
    if (value !== undefined) {
      edited += quoteEnvValue(value) + text.slice(end, lineEnd);
      copied = lineEnd;
      if (!edited.endsWith("\n")) edited += "\n";
      place = edited.length;
    }
  }
  edited += text.slice(copied);
  const known = new Set(entries.map(({ key }) => key));
  const added = [...changes].flatMap(([key, value]) =>
    known.has(key) || value === undefined ? [] : [`${key}=${quoteEnvValue(value)}\n`],
  );
  if (added.length === 0) return edited;
  const at = place ?? edited.length;
  const before = edited.slice(0, at);
  return `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${added.join("")}${edited.slice(at)}`;
}
