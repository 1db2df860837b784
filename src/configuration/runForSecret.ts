import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import { redactLiterally } from "./redactLiterally.ts";

export interface SecretCommand {
  /** Absolute. */
  program: string;
  arguments: readonly string[];
  directory: string;
}

const mostLines = 8;
const mostCharacters = 800;
const variable = "LANDFALL_SECRET_TIMEOUT";

/**
 * Runs a program that prints a secret: without a shell, and with nothing on standard input. It sees the user's own
 * environment, because secret managers find session, agent, terminal and desktop there (BW_SESSION, VAULT_*, GPG_TTY,
 * DBUS_SESSION_BUS_ADDRESS, ...), and configuration can add nothing to it. Where there is a terminal it stays in its
 * session, so that it may ask there; elsewhere it gets one of its own, so that nothing of it outlives it. What it prints
 * goes nowhere but into the result; of a failure only standard error is told.
 * @param secrets what must not be told even if standard error contains it
 */
export async function runForSecret(
  command: SecretCommand,
  { processes, machine, terminal }: Pick<Ports, "processes" | "machine" | "terminal">,
  secrets: readonly string[] = [],
): Promise<{ output: string } | { failure: string }> {
  const timeoutMs = timeLimit(machine.environment[variable]);
  const environment = Object.fromEntries(
    Object.entries(machine.environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const outcome = await processes.run({ ...command, environment, timeoutMs, ownSession: !terminal.interactive });
  const { stdout, stderr, status, signal, ended } = outcome;
  if (status === 0 && ended === undefined) return { output: stdout };
  const last = stderr
    .split("\n")
    .map((line) => line.trim().replace(/^(- )?\| /, ""))
    .filter((line) => line !== "")
    .slice(-mostLines);
  const said = redactLiterally(last.join(" "), [...secrets, stdout, ...stdout.split("\n")]);
  const how =
    ended === "timeout"
      ? `did not end within ${timeoutMs / 1000} s (${variable} changes that)`
      : `ended with ${status === null ? signal : `status ${status}`}`;
  return { failure: said === "" ? how : `${how}: ${said.slice(-mostCharacters)}` };
}

function timeLimit(given: string | undefined): number {
  const seconds = given === undefined || given === "" ? 60 : Number(given);
  if (Number.isInteger(seconds) && seconds > 0 && seconds <= 3600) return seconds * 1000;
  throw new AppError("secrets.timeout", `${variable} is no number of seconds from 1 to 3600`, {
    hint: `write ${variable}=120, or leave it out`,
    exit: exitCodes.usage,
  });
}
