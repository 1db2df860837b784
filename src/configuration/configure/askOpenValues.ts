import { AppError, type Problem } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Ports } from "../../ports/Ports.ts";
import { placeholderIn } from "../placeholders.ts";
import type { EnvDraft } from "./EnvDraft.ts";
import { assign } from "./startDraft.ts";
import { formOf, problemsOfValues, type ValueContext } from "./problemsOfValues.ts";
import { entriesOf, splitEnvText, type EnvPiece } from "./splitEnvText.ts";

/**
 * Asks for every value that is nothing but a placeholder, until the answer is valid or empty; empty leaves it open.
 * Throws `configure.stopped` where the person ends it.
 */
export async function askOpenValues(
  drafts: readonly EnvDraft[],
  context: Omit<ValueContext, "drafts">,
  ports: Pick<Ports, "terminal" | "emit">,
): Promise<EnvDraft[]> {
  let shown = "";
  let all = [...drafts];
  for (const [index, { file, text }] of drafts.entries()) {
    const pieces = splitEnvText(text);
    for (const piece of entriesOf(pieces)) {
      const [part, ...more] = piece.parts ?? [];
      if (part?.kind !== "text" || more.length > 0 || placeholderIn(part.text) !== part.text) continue;
      const heading = `\n${file}\n${commentAbove(pieces, pieces.indexOf(piece))}`.trimEnd();
      const answer = await ask(piece.key, heading === shown ? "" : heading, { ...context, drafts: all });
      shown = heading;
      if (answer === "") continue;
      all = all.map((draft, at) => (at === index ? assign(draft, piece.key, answer, context.names) : draft));
    }
  }
  return all;

  async function ask(key: string, introduction: string, current: ValueContext): Promise<string> {
    const secret = context.names.secret(context.names.canonical(key));
    const form = formOf(key, current);
    const forms = [
      ...(form === undefined ? [] : [form]),
      ...(secret ? ["it is not shown"] : []),
      "empty: leave it open",
    ];
    let question = `${introduction}\n${key} (${forms.join("; ")}): `;
    for (;;) {
      const answer = await (secret ? ports.terminal.askSecret(question) : ports.terminal.ask(question));
      if (answer === undefined) throw stopped();
      const problems = answer === "" ? [] : problemsOfValues(new Map([[key, answer]]), current);
      if (problems.length === 0) return answer;
      question = `${problems.map(complaint).join("\n")}\n${key}: `;
    }
  }
}

function complaint({ message, hint }: Problem): string {
  return hint === undefined ? message : `${message}: ${hint}`;
}

/** The lines of explanation above a setting; settings that follow each other directly share them. */
function commentAbove(pieces: readonly EnvPiece[], index: number): string {
  let end = index;
  while (pieces[end - 1]?.key !== undefined) end -= 1;
  let start = end;
  while (/^[ \t]*#/.test(pieces[start - 1]?.text ?? "")) start -= 1;
  return pieces
    .slice(start, end)
    .map(({ text }) => `  ${text.trim()}`)
    .join("\n");
}

function stopped(): AppError {
  return new AppError("configure.stopped", "nothing was written, as the questions were ended", {
    hint: "run the same command again; an empty answer leaves a value open",
    exit: exitCodes.refused,
  });
}
