import { cleanText } from "./cleanText.ts";

/** Columns as wide as their widest cell, two blanks between them, no blanks at line ends. */
export function renderTable(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headers, ...rows].map((row) => row.map((cell) => cleanText(cell).replaceAll(/\s*\n\s*/g, " ")));
  const widths = headers.map((_, column) => Math.max(...lines.map((row) => (row[column] ?? "").length)));
  return lines
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
