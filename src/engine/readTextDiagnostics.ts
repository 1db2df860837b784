import type { Diagnostic } from "../events/Event.ts";

/** Reads the engine's boxed text, which some calls write where others have `-json`. Without colour. */
export function readTextDiagnostics(text: string): Diagnostic[] {
  const blocks: string[][] = [];
  for (const raw of text.split("\n")) {
    const line = raw.replace(/^[│╷╵] ?/, "").trimEnd();
    if (/^(Error|Warning): /.test(line)) blocks.push([line]);
    else if (!/^[╷╵]/.test(raw)) blocks.at(-1)?.push(line);
  }
  return blocks.map(decodeBlock);
}

function decodeBlock([title = "", ...body]: string[]): Diagnostic {
  const place = body.map((line) => /^ {2}on (.+) line (\d+)/.exec(line)).find((match) => match !== null);
  // Below the place come source lines with their numbers; what else is indented belongs to the explanation.
  const detail = body
    .filter((line) => !/^ {2}on .+ line \d|^ +\d+: |^ {4}│/.test(line))
    .join("\n")
    .trim();
  return {
    type: "diagnostic",
    severity: title.startsWith("Warning") ? "warning" : "error",
    summary: title.replace(/^\w+: /, ""),
    detail,
    ...(place === undefined ? {} : { where: `${place[1]}:${place[2]}` }),
  };
}
