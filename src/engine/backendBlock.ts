import { asciiJson } from "../asciiJson.ts";
import { escapeTemplates } from "./escapeTemplates.ts";

/** The text of a `.tf.json` file that makes the engine keep its state there. */
export function backendBlock(backend: string, settings: Readonly<Record<string, unknown>>): string {
  return `${asciiJson({ terraform: { backend: { [backend]: templateFree(settings) } } })}\n`;
}

/** In JSON the engine reads every string as a template. */
function templateFree(value: unknown): unknown {
  if (typeof value === "string") return escapeTemplates(value);
  if (Array.isArray(value)) return value.map(templateFree);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, templateFree(item)]));
}
