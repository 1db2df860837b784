import { join } from "node:path";
import { AppError, type Problem } from "../../errors.ts";
import { exitCodes, type ExitCode } from "../../exitCodes.ts";
import type { Ports } from "../../ports/Ports.ts";
import type { Outcome } from "../../ports/Processes.ts";
import { childScript, mostOutputBytes } from "./childScript.ts";
import { planStyleScript, type PlanFunction } from "./planStyle.ts";
import { missingFunctions } from "./readPlanStyle.ts";
import { readShellLine, withoutSecrets } from "./readShellLine.ts";

export interface PlanCall {
  name: string;
  folder: string;
  function: PlanFunction;
  /** The whole environment of the child. */
  environment: Readonly<Record<string, string>>;
  /** What no output may show. */
  secrets: readonly string[];
  limitMs: number;
}

export interface PlanAnswer {
  /** Whether the function returned, or ended the child, with status 0. */
  ok: boolean;
  /** The variables, or the text of `provider_get_info`. May hold secrets. */
  output: string;
  /** Why it failed, as it said itself. */
  problems: Problem[];
}

type CallPorts = Pick<Ports, "files" | "processes" | "emit">;

/**
 * Calls one function of a `provider.sh` in a child of its own: bash without any start-up files, an environment from
 * scratch, a directory that is thrown away, and a limit of time. What it prints becomes progress, and its warnings notices.
 * Throws AppError `provider.invalid` where functions are missing, `provider.behaviour` where the file cannot be read or
 * the function does not come to an end. Its own failure is an answer.
 */
export async function callPlanFunction(call: PlanCall, { files, processes, emit }: CallPorts): Promise<PlanAnswer> {
  const directory = await files.temporaryDirectory("landfall-plan-style-");
  try {
    const [work, notes] = [join(directory, "work"), join(directory, "notes")];
    await files.makeDirectory(work);
    await files.makeDirectory(notes);
    const vars = call.function === "provider_generate_terraform_vars" ? [join(work, `${call.name}.auto.tfvars`)] : [];
    const lines: string[] = [];
    const outcome = await processes.run({
      program: "bash",
      arguments: [
        ...["--noprofile", "--norc", "-euo", "pipefail", "-c", childScript, "landfall"],
        ...[call.folder, call.function, notes, ...vars],
      ],
      directory: work,
      environment: { ...call.environment, TMPDIR: work },
      ownSession: true,
      timeoutMs: call.limitMs,
      interruptSignal: "SIGKILL",
      onOutput(line, stream) {
        if (stream === "stdout") return;
        const safe = withoutSecrets(line, call.secrets);
        lines.push(safe);
        emit({ type: "child.output", source: planStyleScript, line: safe });
        const { level, text } = readShellLine(safe, call.folder);
        if (level === "WARNING") emit({ type: "notice", level: "warning", code: "provider.says", message: text });
      },
    });
    const loaded = await files.exists(join(notes, "loaded"));
    const missing = (await files.read(join(notes, "missing")))?.trim().split("\n");
    const where = join(call.folder, planStyleScript);
    if (missing !== undefined) throw missingFunctions(call.name, where, missing);
    const problems = reasons(lines, call.folder);
    if (outcome.ended !== undefined) throw stuck(call, problems);
    if (!loaded) throw unreadable(call, outcome, problems, (await files.read(where)) ?? "");
    if (outcome.stdout.length > mostOutputBytes) throw tooMuch(call);
    return { ok: outcome.status === 0, output: outcome.stdout, problems: withStatus(problems, call, outcome) };
  } finally {
    await files.remove(directory);
  }
}

/** What it called an error; else the last lines. */
function reasons(lines: readonly string[], folder: string): Problem[] {
  const read = lines.map((line) => readShellLine(line, folder));
  const errors = read.filter(({ level, where }) => level === "ERROR" || where !== undefined);
  return (errors.length > 0 ? errors : read.slice(-5))
    .slice(-20)
    .filter(({ text }) => text !== "")
    .map(({ text, where }) => ({ message: text, ...(where === undefined ? {} : { where }) }));
}

function withStatus(problems: Problem[], call: PlanCall, { status, signal }: Outcome): Problem[] {
  if (problems.length > 0) return problems;
  const end = status === null ? `by ${signal}` : `with status ${status}`;
  return [{ message: `${call.function} ended ${end} and gave no reason`, where: join(call.folder, planStyleScript) }];
}

function stuck(call: PlanCall, problems: Problem[]): AppError {
  const message = `${call.function} of provider ${call.name} did not end within ${call.limitMs / 1000} s`;
  return failure(
    message,
    problems,
    "look what it waits for; variables are written into a pipe, which cannot be read back",
  );
}

function unreadable(
  { name, folder }: PlanCall,
  { status, signal }: Outcome,
  problems: Problem[],
  text: string,
): AppError {
  const end = status === null ? `by ${signal}` : `with status ${status}`;
  const message = `the ${planStyleScript} of provider ${name} ended ${end} while it was read, before any function was called`;
  const file = join(folder, planStyleScript);
  if (text.includes("\r\n")) {
    return failure(message, problems, `it has Windows line ends, which bash reads as text: sed -i 's/\\r$//' ${file}`);
  }
  const mistaken = problems.some((problem) => problem.message.includes("syntax error"));
  const hint = mistaken
    ? "mend the line that bash names, or what is left open above it"
    : `${file} may only define functions: take out what runs by itself, such as a case on "$1"`;
  return failure(message, problems, hint);
}

function tooMuch({ name, function: called }: PlanCall): AppError {
  const message = `${called} of provider ${name} wrote more than ${mostOutputBytes} bytes`;
  return failure(message, [], "let it write variables only");
}

/** Of the folder: where a stack has a copy of it that worked, a destroy goes on with that. */
export function failure(
  message: string,
  problems: readonly Problem[],
  hint: string,
  exit: ExitCode = exitCodes.usage,
): AppError {
  return new AppError("provider.behaviour", message, { hint, exit, problems });
}
