import type { Manifest } from "../../providers/Manifest.ts";
import type { Names } from "../Names.ts";
import { providerVariable } from "../providerVariable.ts";
import { splitEnvText } from "./splitEnvText.ts";

/** The template of a provider, with the settings that its manifest requires and the template does not mention. */
export function completeTemplate(
  template: string,
  { name, title, settings }: Pick<Manifest, "name" | "title" | "settings">,
  names: Pick<Names, "canonical">,
): string {
  const mentioned = new Set(
    splitEnvText(template).flatMap((piece) => {
      const key = piece.key ?? piece.commented;
      return key === undefined ? [] : [names.canonical(key)];
    }),
  );
  const missing = Object.entries(settings).filter(
    ([key, setting]) =>
      setting.required &&
      setting.default === undefined &&
      !setting.computed &&
      !mentioned.has(providerVariable(name, key)),
  );
  const blocks = missing.map(([key, { description, examples }]) => {
    const example = examples[0] === undefined ? "" : `, such as ${examples[0]}`;
    const comment = `${description}${example}`.trim();
    const above = comment === "" ? "" : `${comment.replaceAll(/^/gm, "# ")}\n`;
    return `\n${above}${providerVariable(name, key)}=REPLACE_WITH_YOUR_${key.toUpperCase().replaceAll("-", "_")}\n`;
  });
  if (blocks.length === 0) return template;
  const gap = template === "" || template.endsWith("\n") ? "" : "\n";
  const head = template === "" ? `# Provider "${name}": ${title.replaceAll(/\s+/g, " ")}.\n` : `${template}${gap}`;
  return `${head}${blocks.join("")}`;
}
