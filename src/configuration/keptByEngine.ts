/**
 * Whether text comes out of the engine as it went in. It brings every string into normalized form C, and what it uses for
 * that looks at 16 bits of a character and breaks up rows of more than 30 marks.
 */
export function keptByEngine(text: string): boolean {
  if (text !== text.normalize("NFC")) return false;
  if (/\p{M}{31}/u.test(text.normalize("NFD"))) return false;
  return [...text.matchAll(/(\P{M})(\p{M}+)/gu)].every(([, base = "", marks = ""]) =>
    [...marks].every((mark) => !confused(base, mark)),
  );
}

/** Whether characters that agree with these in 16 bits would become one. */
function confused(base: string, mark: string): boolean {
  return twins(base).some((left) => twins(mark).some((right) => [...(left + right).normalize("NFC")].length === 1));
}

/** Composed characters are in the first two planes of Unicode. */
function twins(character: string): string[] {
  const low = (character.codePointAt(0) ?? 0) & 0xffff;
  return [low, low + 0x10000].map((code) => String.fromCodePoint(code));
}
