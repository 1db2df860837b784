import type { SecretSource } from "./EnvFile.ts";

/** A source as a user would write it; the same for the same source. It stands for the secret where that is not known. */
export function secretReference(source: SecretSource): string {
  return `\${secret:${source.scheme}:${sourceText(source)}}`;
}

/** The path, or the command. */
export function sourceText(source: SecretSource): string {
  const words = source.scheme === "file" ? [source.path] : [source.program, ...source.arguments];
  return words.map(quoteWord).join(" ");
}

function quoteWord(word: string): string {
  if (word !== "" && !/[\s'"{}$]/.test(word)) return word;
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}
