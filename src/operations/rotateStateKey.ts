import { join } from "node:path";
import { removeEnvValue, setEnvValue } from "../configuration/configure/mergeEnvText.ts";
import { generateSecret } from "../configuration/generateSecret.ts";
import type { readEnvFile } from "../configuration/readEnvFile.ts";
import { readValuesFile } from "../configuration/readValuesFile.ts";
import { AppError, type Problem } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { listStacks } from "../stacks/listStacks.ts";
import type { Stack } from "../stacks/Stack.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import { checkEnvironment } from "./checkEnvironment.ts";
import { dueError, recoveryDue } from "./checkRecovery.ts";
import { openStack } from "./openStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { readyStack } from "./readyStack.ts";
import { selectEnvironment } from "./selectEnvironment.ts";
import { withRun } from "./withRun.ts";

export interface RotationResult {
  environment: string;
  file: string;
  /** Stacks whose state is kept with the new key. */
  stacks: readonly string[];
  /** Whether the old key stays readable: other clones may have stacks that this one does not know. */
  previousKept: boolean;
  /** Whether the key was changed before, and this only brought all states there. */
  resumed: boolean;
}

/** Neither key has an older spelling. */
const asWritten = { canonical: (key: string): string => key };
const current = "STATE_ENCRYPTION_KEY";
const previous = "STATE_ENCRYPTION_KEY_PREVIOUS";

/**
 * Gives an environment a new key of state and writes every state of its stacks anew with it. Both keys stand in the
 * environment's file until that is done, so that a rotation that was cut off goes on with the same command and nothing
 * becomes unreadable in between.
 */
export async function rotateStateKey(
  { environment: given, yes }: { environment: string; yes: boolean },
  context: OperationContext,
): Promise<RotationResult> {
  const { ports, workspace } = context;
  const environment = selectEnvironment(given, context);
  await checkEnvironment(environment, context);
  const path = join(workspace.environmentConfiguration, `${environment}.env`);
  const file = await readValuesFile(path, workspace, false, ports);
  const key = file?.encrypted === true ? undefined : literal(file?.entries, current);
  if (file === undefined || key === undefined || key === "") throw noKey(environment, file?.file);
  const overriding = [current, previous].find((name) => ports.machine.environment[name] !== undefined);
  if (overriding !== undefined) throw overridden(overriding, file.file);
  const all = (await listStacks(workspace, ports.files)).filter((stack) => stack.environment === environment);
  if (all.length === 0) throw noStacks(environment, file.file);
  await checkNothingDue(all, context);
  const resumed = file.entries.some(({ key: name }) => name === previous) && literal(file.entries, previous) !== "";
  if (!resumed) {
    const text = (await ports.files.read(path)) ?? "";
    const asked = setEnvValue(setEnvValue(text, previous, key, asWritten), current, generateSecret(), asWritten);
    // Through a link, so that a file that is kept elsewhere stays there.
    await ports.files.write((await ports.files.realPath(path)) ?? path, asked, 0o600);
  }

  const problems: Problem[] = [];
  let shared = false;
  for (const stack of all) {
    try {
      const ready = await readyStack({ stack: stack.name, set: [], persist: true, yes }, context);
      shared ||= ready.loaded.configuration.state.backend !== "local";
      await withRun(ready.loaded, "state rotate", context, async (run) => void (await openStack(ready, run)));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.push({ where: stack.name, message: error.message, hint: error.hint });
    }
  }
  if (problems.length > 0) throw unfinished(environment, file.file, problems);
  if (!shared) await dropPrevious(path, context);
  return { environment, file: file.file, stacks: all.map(({ name }) => name), previousKept: shared, resumed };
}

/** Before anything is written: a state that a run may have left elsewhere could not be rewritten. */
async function checkNothingDue(stacks: readonly Stack[], context: OperationContext): Promise<void> {
  for (const stack of stacks) {
    const entry = await recoveryDue({ stack, paths: stackPaths(context.workspace, stack) }, context);
    if (entry !== undefined) throw dueError(stack.name, entry, context);
  }
}

function noStacks(environment: string, file: string): AppError {
  return new AppError(
    "state.noStacks",
    `no stack of ${environment} has a directory in this clone: there is no state to rewrite`,
    {
      hint: `where its states are kept elsewhere, run landfall plan ENVIRONMENT/PROVIDER for each, then this again; where there are none, change ${current} in ${file} by hand`,
      exit: exitCodes.usage,
    },
  );
}

/** The text of a value that stands in the file itself. */
function literal(
  entries: NonNullable<Awaited<ReturnType<typeof readEnvFile>>>["entries"] | undefined,
  key: string,
): string | undefined {
  const parts = entries?.find((entry) => entry.key === key)?.parts;
  if (parts === undefined || parts.some(({ kind }) => kind !== "text")) return undefined;
  return parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
}

async function dropPrevious(path: string, { ports: { files } }: OperationContext): Promise<void> {
  await files.write(
    (await files.realPath(path)) ?? path,
    removeEnvValue((await files.read(path)) ?? "", previous),
    0o600,
  );
}

function noKey(environment: string, file: string | undefined): AppError {
  return new AppError(
    "state.noKey",
    `${current} does not stand as a value of its own in ${file ?? `the file of ${environment}`}`,
    {
      hint: `where it comes from elsewhere, give the new key there and the old one as ${previous}: the next run of each stack writes its state anew; where there is none, landfall configure ${environment} adds one`,
      exit: exitCodes.usage,
    },
  );
}

function overridden(name: string, file: string): AppError {
  return new AppError(
    "state.keyOverridden",
    `${name} is set in the environment of this command, and counts before ${file}`,
    {
      hint: `unset ${name}, then run the same command again`,
      exit: exitCodes.usage,
    },
  );
}

function unfinished(environment: string, file: string, problems: readonly Problem[]): AppError {
  return new AppError("state.rotation", `${problems.length} states of ${environment} still have the old key`, {
    hint: `both keys stand in ${file} and every state can be read; mend what is listed, then run the same command again`,
    problems,
  });
}
