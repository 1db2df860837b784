/** The variables that the text of a module declares, and whether each is sensitive. Read as data, before any engine is there. */
export function moduleVariables(texts: readonly string[]): Map<string, { sensitive: boolean }> {
  const found = new Map<string, { sensitive: boolean }>();
  for (const text of texts) {
    const code = text.replaceAll(/^\s*(#|\/\/).*$/gm, "");
    for (const match of code.matchAll(/^[ \t]*variable[ \t]+"?([A-Za-z_][\w-]*)"?[ \t]*\{/gm)) {
      const block = balanced(code, match.index + match[0].length);
      found.set(match[1] ?? "", { sensitive: /(^|[\s{])sensitive[ \t]*=[ \t]*true\b/.test(block) });
    }
  }
  return found;
}

/** Up to the brace that closes what was opened before `start`. */
function balanced(text: string, start: number): string {
  let depth = 1;
  for (let index = start; index < text.length; index += 1) {
    if (text[index] === "{") depth += 1;
    else if (text[index] === "}") depth -= 1;
    if (depth === 0) return text.slice(start, index);
  }
  return text.slice(start);
}
