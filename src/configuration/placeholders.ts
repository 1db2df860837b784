import type { EnvEntry, Part } from "./EnvFile.ts";
import { secretReference } from "./secretReference.ts";

/** What a template has where a value must come; never more of it, since a secret may have been written behind. */
const placeholder = /REPLACE_WITH_[A-Z_]*/;

export function placeholderIn(text: string): string | undefined {
  return placeholder.exec(text)?.[0];
}

/** The first placeholder that an entry's own text shows, in defaults too. */
export function placeholderOf({ parts }: Pick<EnvEntry, "parts">): string | undefined {
  return parts === undefined ? undefined : placeholderIn(ownText(parts));
}

/** True where the whole value is a placeholder that a generated secret may replace. */
export function isGenerated(entry: Pick<EnvEntry, "parts">): boolean {
  const [part, ...more] = entry.parts ?? [];
  return part?.kind === "text" && more.length === 0 && /^REPLACE_WITH_SECURE_[A-Za-z0-9_]*$/.test(part.text);
}

function ownText(parts: readonly Part[]): string {
  return parts
    .map((part) => {
      if (part.kind === "text") return part.text;
      return part.kind === "secret" ? secretReference(part.source) : ownText(part.fallback ?? []);
    })
    .join("\n");
}
