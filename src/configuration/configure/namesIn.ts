import type { Part } from "../EnvFile.ts";
import type { EnvDraft } from "./EnvDraft.ts";
import { entriesOf, splitEnvText } from "./splitEnvText.ts";

/** Names that stand in a file or in its template, also behind a `#`. */
export function namesIn({ text, template = "" }: Pick<EnvDraft, "text" | "template">): string[] {
  return [...splitEnvText(text), ...splitEnvText(template)].flatMap((piece) => piece.key ?? piece.commented ?? []);
}

/** Names that the values of a text refer to. */
export function mentionedIn(text: string): string[] {
  return entriesOf(splitEnvText(text)).flatMap(({ parts }) => references(parts ?? []));
}

function references(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => (part.kind === "reference" ? [part.name, ...references(part.fallback ?? [])] : []));
}
