import { stripVTControlCharacters } from "node:util";

/**
 * Text of others (engines, plugins, machines, files) made safe for a terminal: no escape sequences, no control
 * characters, nothing that reverses the direction of writing. Line ends stay; a tab becomes a blank.
 */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll("\r\n", "\n")
    .replaceAll("\t", " ")
    .replaceAll(/(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, "");
}
