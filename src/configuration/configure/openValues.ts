import { parseEnvFile } from "../parseEnvFile.ts";
import { placeholderOf } from "../placeholders.ts";
import type { EnvDraft } from "./EnvDraft.ts";

export interface OpenValue {
  /** FILE:LINE */
  where: string;
  key: string;
  placeholder: string;
}

/** What still has to be answered in a file. */
export function openValues({ file, text }: Pick<EnvDraft, "file" | "text">): OpenValue[] {
  return parseEnvFile(text, file).entries.flatMap((entry) => {
    const placeholder = placeholderOf(entry);
    return placeholder === undefined ? [] : [{ where: `${file}:${entry.line}`, key: entry.key, placeholder }];
  });
}
