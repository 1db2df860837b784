import { resolve } from "node:path";
import { AppError, type Problem } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import { isSecretName } from "./isSecretName.ts";
import { readFailure } from "./readFailure.ts";
import { steeringName } from "./steeringName.ts";

/**
 * Reads the values of `--set`: `KEY=VALUE`, `KEY=@FILE` and `KEY=-` (standard input, once). Values are literal, nothing in
 * them is expanded; of a file or of standard input one line end at the end is dropped. The last of equal keys counts.
 * Throws `configuration.assignment` with every problem.
 */
export async function parseAssignments(
  assignments: readonly string[],
  ports: Pick<Ports, "files" | "terminal" | "emit">,
): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  const problems: Problem[] = [];
  let inputTakenBy: string | undefined;
  for (const [index, assignment] of assignments.entries()) {
    const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(assignment);
    const key = match?.[1];
    const source = match?.[2];
    if (key === undefined || source === undefined) {
      const where = `--set number ${index + 1}`;
      problems.push({ where, message: "is not of the form KEY=VALUE", hint: "write --set VM_MEMORY=4096" });
      continue;
    }
    const refuse = (message: string, hint: string) => problems.push({ where: `--set ${key}`, key, message, hint });
    const reason = steeringName(key);
    if (reason !== undefined) {
      refuse(`${key} cannot be set: it ${reason}`, "leave it out");
    } else if (source === "-" && inputTakenBy !== undefined) {
      refuse(`standard input gives the value of ${inputTakenBy} already`, "read one of the two from a file: KEY=@FILE");
    } else if (source === "-") {
      inputTakenBy = key;
      keep(key, withoutLineEnd(await ports.terminal.readInput()), refuse);
    } else if (source.startsWith("@")) {
      const text = await readText(resolve(source.slice(1)), ports, refuse);
      if (text !== undefined) keep(key, withoutLineEnd(text), refuse);
    } else {
      if (source !== "" && isSecretName(key)) warnOfSecret(key, ports);
      keep(key, source, refuse);
    }
  }
  if (problems.length === 0) return values;
  throw new AppError("configuration.assignment", "a value given with --set cannot be used", {
    hint: "write --set KEY=VALUE, --set KEY=@FILE or --set KEY=-",
    exit: exitCodes.usage,
    problems,
  });

  function keep(key: string, text: string, refuse: Refuse): void {
    if (text.includes("\0"))
      refuse("the value contains a NUL byte, which no variable can hold", "give text without it");
    else values.set(key, text);
  }
}

type Refuse = (message: string, hint: string) => void;

async function readText(path: string, { files }: Pick<Ports, "files">, refuse: Refuse): Promise<string | undefined> {
  try {
    const bytes = await files.readBytes(path);
    if (bytes === undefined) refuse(`there is no file ${path}`, "correct the name behind @");
    return bytes === undefined ? undefined : new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const reason = error instanceof TypeError ? "it is not UTF-8 text" : readFailure(error);
    refuse(`${path} cannot be read: ${reason}`, "give a readable text file behind @");
    return undefined;
  }
}

function warnOfSecret(key: string, { emit }: Pick<Ports, "emit">): void {
  emit({
    type: "notice",
    level: "warning",
    code: "configuration.secret-argument",
    message: `${key} is secret, and other users of this computer can see the arguments of a command`,
    hint: `write --set ${key}=@FILE, or --set ${key}=- and give it on standard input`,
  });
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}
