import { AppError, type Problem } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import type { SecretSource } from "./EnvFile.ts";
import type { PendingSecret } from "./expandValues.ts";
import { oncePerProcess } from "./oncePerProcess.ts";
import { readSecretFile } from "./readSecretFile.ts";
import { runForSecret } from "./runForSecret.ts";
import { secretOutput } from "./secretOutput.ts";
import { howToGet, refusedCommand } from "./secretPrograms.ts";
import { secretReference, sourceText } from "./secretReference.ts";

type SecretPorts = Pick<Ports, "files" | "processes" | "machine" | "terminal" | "emit">;

/** Why secrets cannot be had although nothing was run: the configuration's fault, or a program that is missing. */
export interface SecretCheck {
  problems: Problem[];
  missing: Problem[];
}

/** Looks at what secrets are read from, and runs nothing: files can be read, commands are allowed, programs are there. */
export async function checkSecrets(
  pending: readonly PendingSecret[],
  root: string,
  ports: SecretPorts,
): Promise<SecretCheck> {
  const checks = await Promise.all(distinct(pending).map((secret) => check(secret, root, ports)));
  return { problems: checks.flatMap(({ problems }) => problems), missing: checks.flatMap(({ missing }) => missing) };
}

async function check({ source, where }: PendingSecret, root: string, ports: SecretPorts): Promise<SecretCheck> {
  if (source.scheme === "file") {
    const read = await readOnce(source.path, root, ports);
    const hint = "write the secret there, or correct the path; what does not begin with / or ~/ is below the root";
    return { problems: "message" in read ? [{ where, message: read.message, hint }] : [], missing: [] };
  }
  const refused = refusedCommand(source, ports.machine.environment);
  if (refused !== undefined) return { problems: [{ where, ...refused }], missing: [] };
  if ((await ports.processes.which(source.program)) !== undefined) return { problems: [], missing: [] };
  const message = `${source.program} is needed to read a secret, and there is no such program on PATH`;
  return { problems: [], missing: [{ where, message, hint: howToGet(source.program) }] };
}

/**
 * Reads files and runs commands, side by side and each at most once in a process. They were checked. The result is by
 * `secretReference`. Throws `secrets.unavailable` with everything that failed.
 * @param known other secrets, which messages must not contain
 */
export async function fetchSecrets(
  pending: readonly PendingSecret[],
  root: string,
  known: readonly string[],
  ports: SecretPorts,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const problems: Problem[] = [];
  await Promise.all(
    distinct(pending).map(async ({ source, where }) => {
      const fetched = await fetchOne(source, root, known, ports);
      if ("text" in fetched) texts.set(secretReference(source), fetched.text);
      else problems.push({ where, message: fetched.message, hint: hintFor(source) });
    }),
  );
  if (problems.length === 0) return texts;
  const count = problems.length === 1 ? "a secret" : `${problems.length} secrets`;
  throw new AppError("secrets.unavailable", `${count} that this needs cannot be read from where it is kept`, {
    hint: "do what is said above, then run the same command again",
    exit: exitCodes.failed,
    problems,
  });
}

async function fetchOne(
  source: SecretSource,
  root: string,
  known: readonly string[],
  ports: SecretPorts,
): Promise<{ text: string } | { message: string }> {
  if (source.scheme === "file") return readOnce(source.path, root, ports);
  return oncePerProcess(ports.machine, secretReference(source), async () => {
    const program = (await ports.processes.which(source.program)) ?? source.program;
    const run = await runForSecret({ program, arguments: source.arguments, directory: root }, ports, known);
    if ("failure" in run) return { message: `${sourceText(source)} ${run.failure}` };
    const output = secretOutput(run.output);
    return "text" in output ? output : { message: `the output of ${sourceText(source)} ${output.message}` };
  });
}

function readOnce(path: string, root: string, ports: SecretPorts): ReturnType<typeof readSecretFile> {
  return oncePerProcess(ports.machine, `file ${root} ${path}`, () => readSecretFile(path, root, ports));
}

function hintFor(source: SecretSource): string {
  return source.scheme === "file"
    ? "write the secret there, or correct the path"
    : "run it by hand: it has to print the secret and nothing else; perhaps it has to be unlocked or signed in first";
}

/** Each place once: a value that others take over leads to the same one many times. */
function distinct(pending: readonly PendingSecret[]): readonly PendingSecret[] {
  const bySourceAndPlace = new Map(
    pending.map((secret) => [`${secretReference(secret.source)} ${secret.where}`, secret]),
  );
  return [...bySourceAndPlace.values()];
}
