/**
 * The words of a command: blanks separate them, `'...'` and `"..."` group, and pieces that touch are one word. There are
 * no escapes and no expansion; `${` outside single quotes gives "reference", because whoever writes it expects one.
 * Quotes have to be closed.
 */
export function splitWords(text: string): string[] | "reference" {
  const words: string[] = [];
  for (const [word] of text.matchAll(/(?:'[^']*'|"[^"]*"|[^ \t'"])+/g)) {
    let plain = "";
    for (const [piece] of word.matchAll(/'[^']*'|"[^"]*"|[^'"]+/g)) {
      if (!piece.startsWith("'") && piece.includes("${")) return "reference";
      plain += /^['"]/.test(piece) ? piece.slice(1, -1) : piece;
    }
    words.push(plain);
  }
  return words;
}
