import { AppError } from "../errors.ts";
import type { Diagnostic, Event } from "../events/Event.ts";
import type { Ports } from "../ports/Ports.ts";
import type { Command, Outcome } from "../ports/Processes.ts";
import type { Redactor } from "./createRedactor.ts";
import { withLockTimeout } from "./argv.ts";
import { decodeEngineLine } from "./decodeEngineLine.ts";
import { engineFailure, engineStuck } from "./engineFailure.ts";
import { withoutOwnLock } from "./withoutOwnLock.ts";
import { parseExactly } from "../parseExactly.ts";
import { withPlaces } from "./withPlaces.ts";
import { readEngineMessage } from "./readEngineMessage.ts";
import { readTextDiagnostics } from "./readTextDiagnostics.ts";

/** Everything that is the same for all calls of one engine. */
export interface EngineCall {
  program: string;
  directory: string;
  environment: Record<string, string>;
  inherit: readonly number[];
  idleTimeoutMs: number;
  lockTimeoutMs?: number;
  redactor: Redactor;
  eventsFile?: string;
  interrupt?: AbortSignal;
}

/** Runs a call that writes events line by line; emits them redacted. Gives the exit status, one of `good`. */
export async function runStreamed(
  call: EngineCall,
  args: readonly string[],
  good: readonly number[],
  ports: Ports,
): Promise<number> {
  const diagnostics: Diagnostic[] = [];
  const output: string[] = [];
  const onOutput = (line: string): void => {
    for (const event of decodeEngineLine(line)) {
      const safe = withPlaces(withoutOwnLock(redactEvent(event, call.redactor)), call.directory);
      if (safe.type === "diagnostic") diagnostics.push(safe);
      if (safe.type === "child.output") output.push(safe.line);
      ports.emit(safe);
    }
  };
  try {
    const outcome = await run(call, { ...streamCommand(call, args), onOutput }, args, ports);
    if (outcome.status !== null && good.includes(outcome.status)) return outcome.status;
    throw failure(call, args, outcome, diagnostics, output);
  } finally {
    await redactFile(call, ports);
  }
}

/** Runs a short call that writes one JSON document; its numbers as `parseExactly` says. */
export async function runForJson<T>(call: EngineCall, args: readonly string[], ports: Ports): Promise<T> {
  return parseExactly(await runForText(call, args, ports)) as T;
}

/** Runs a short call and gives its standard output, which may hold secrets: nothing of it is emitted. */
export async function runForText(
  call: EngineCall,
  args: readonly string[],
  ports: Ports,
  input?: string,
): Promise<string> {
  const command = { ...plainCommand(call, args), ...(input === undefined ? {} : { input }) };
  const outcome = await run(call, command, args, ports);
  if (outcome.status === 0) return outcome.stdout;
  const text = call.redactor.text(outcome.stderr);
  const diagnostics = readTextDiagnostics(text).map((diagnostic) => withPlaces(diagnostic, call.directory));
  throw failure(call, args, outcome, diagnostics, text.trim().split("\n"));
}

async function run(call: EngineCall, command: Command, args: readonly string[], ports: Ports): Promise<Outcome> {
  if (call.interrupt?.aborted === true) {
    throw new AppError("engine.interrupted", `interrupted before the engine's ${args[0]} was begun`, {
      hint: "run the same command again: it goes on from there",
    });
  }
  const outcome = await ports.processes.run(command);
  if (outcome.ended !== undefined) throw engineStuck(args[0] ?? "", call.idleTimeoutMs, call.directory);
  return outcome;
}

/**
 * With an events file, `tee` writes it: it outlives Landfall and takes what the engine writes, so the engine
 * is not ended by a broken pipe. `sed` takes the secrets out before anything is written; which these are it reads from
 * standard input, so that they stand in no argument and no file. `exec` keeps the engine's own process id, so it alone
 * gets the one SIGINT.
 */
function streamCommand(call: EngineCall, args: readonly string[]): Command {
  const plain = plainCommand(call, args);
  if (call.eventsFile === undefined) return plain;
  return {
    ...plain,
    program: "bash",
    arguments: ["--norc", "-c", streamScript, "landfall", call.eventsFile, call.program, ...plain.arguments],
    input: call.redactor.sed,
  };
}

const streamScript = `
umask 077; events=$1; shift
exec {secrets}<&0 </dev/null
exec > >(trap '' PIPE INT HUP; LC_ALL=C sed -u -f <(exec cat <&$secrets) | tee -a -- "$events") 2>&1 {secrets}<&-
exec "$@"
`;

function plainCommand(call: EngineCall, args: readonly string[]): Command {
  return {
    program: call.program,
    arguments: withLockTimeout(args, call.lockTimeoutMs),
    directory: call.directory,
    environment: call.environment,
    ownSession: true,
    inherit: call.inherit,
    idleTimeoutMs: call.idleTimeoutMs,
    interruptSignal: "SIGINT",
    ...(call.interrupt === undefined ? {} : { interrupt: call.interrupt }),
  };
}

function failure(
  call: EngineCall,
  args: readonly string[],
  { status }: Outcome,
  diagnostics: readonly Diagnostic[],
  output: readonly string[],
): AppError {
  const interrupted = call.interrupt?.aborted === true;
  return engineFailure({ command: args[0] ?? "", status, diagnostics, output, directory: call.directory, interrupted });
}

/** Words of the stream's own, which a careless password may happen to equal. */
const kept = ["type", "severity", "action", "@level", "@module", "@timestamp"];

function redactEvent(event: Event, redactor: Redactor): Event {
  return redactor.value(event, kept);
}

/** What is too short for `sed` is taken out when the engine has ended. */
async function redactFile({ eventsFile, redactor }: EngineCall, { files }: Ports): Promise<void> {
  if (eventsFile === undefined || redactor.idle) return;
  const before = await files.read(eventsFile);
  const after = before
    ?.split("\n")
    .map((line) => redactLine(line, redactor))
    .join("\n");
  if (after !== undefined && after !== before) await files.write(eventsFile, after);
}

function redactLine(line: string, redactor: Redactor): string {
  if (redactor.text(line) === line) return line;
  const message = readEngineMessage(line);
  return message === undefined ? redactor.text(line) : JSON.stringify(redactor.value(message, kept));
}
