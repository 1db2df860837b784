import { generateSecret } from "../generateSecret.ts";
import { isGenerated } from "../placeholders.ts";
import { entriesOf, splitEnvText } from "./splitEnvText.ts";
import { setEnvValue } from "./mergeEnvText.ts";

/** A secret for each value that a template leaves to be generated; everything else stays. */
export function fillGenerated(text: string): { text: string; generated: readonly string[] } {
  const generated = entriesOf(splitEnvText(text))
    .filter(isGenerated)
    .map(({ key }) => key);
  const literal = { canonical: (spelling: string) => spelling };
  return {
    text: generated.reduce((filled, key) => setEnvValue(filled, key, generateSecret(), literal), text),
    generated,
  };
}
