import type { EnvFile } from "./EnvFile.ts";
import { quoteEnvValue } from "./quoteEnvValue.ts";

/** The text of a template with the values of some keys replaced; comments and everything else stay. */
export function fillTemplate(template: EnvFile, answers: ReadonlyMap<string, string>): string {
  let filled = "";
  let copied = 0;
  for (const { key, start, end } of template.entries) {
    const answer = answers.get(key);
    if (answer === undefined) continue;
    filled += template.text.slice(copied, start) + quoteEnvValue(answer);
    copied = end;
  }
  return filled + template.text.slice(copied);
}
