import type { Names } from "../Names.ts";
import { placeholderOf } from "../placeholders.ts";
import type { EnvDraft } from "./EnvDraft.ts";
import { splitEnvText, type EnvPiece } from "./splitEnvText.ts";
import { unifiedDiff, type DiffLine } from "./unifiedDiff.ts";

type SecretNames = Pick<Names, "canonical" | "secret">;

/** What would change in a file. Of a secret only that it changes: it is never shown, neither the old nor the new one. */
export function maskedDiff({ file, before, text, generated }: EnvDraft, names: SecretNames): string {
  const lines = (content: string, fresh: readonly string[]) =>
    splitEnvText(content).flatMap((piece) => linesOf(piece, fresh, names));
  return unifiedDiff(file, before === undefined ? undefined : lines(before, []), lines(text, generated));
}

function linesOf(piece: EnvPiece, generated: readonly string[], names: SecretNames): DiffLine[] {
  const key = piece.key ?? piece.commented;
  const open = piece.key !== undefined && placeholderOf(piece) !== undefined;
  const isGenerated = piece.key !== undefined && generated.includes(piece.key);
  if (key !== undefined && !open && (isGenerated || names.secret(names.canonical(key)))) {
    const mark = piece.key === undefined ? "#" : "";
    const empty = piece.key !== undefined && piece.parts?.length === 0;
    return [{ text: piece.text, shown: `${mark}${key}=${empty ? "" : "***"}${isGenerated ? " (generated)" : ""}` }];
  }
  return piece.text
    .replace(/\r?\n$/, "")
    .split("\n")
    .map((line) => ({ text: line, shown: line.replace(/\r$/, "") }));
}
