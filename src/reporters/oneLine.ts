import { cleanText } from "./cleanText.ts";

/** Text of others as a part of one line, cut off where it goes on for too long. */
export function oneLine(text: string, most = 240): string {
  const line = cleanText(text).replaceAll(/\s+/g, " ").trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

/** A name that may be anything: one that is not plain is quoted, so that its beginning, its end and odd letters are seen. */
export function shownName(name: string): string {
  if (/^[A-Za-z0-9][\w.-]*$/.test(name)) return oneLine(name, 60);
  const escaped = JSON.stringify(name).replaceAll(
    /[^\u0020-\u007e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return oneLine(escaped, 120);
}
