import { join, relative, resolve } from "node:path";
import type { FileStep, Note, PlannedFile } from "../../configuration/migration/Migration.ts";
import { planFiles } from "../../configuration/migration/planFiles.ts";
import { readOldTree } from "../../configuration/migration/readOldTree.ts";
import { AppError, type Problem } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Stack } from "../../stacks/Stack.ts";
import { stackPaths } from "../../stacks/stackPaths.ts";
import { hostKeyUnknown } from "../hostKeyUnknown.ts";
import { listProviders } from "../listProviders.ts";
import { selectStack } from "../loadStack.ts";
import type { OperationContext } from "../OperationContext.ts";
import { adoptHostKeys, type HostKeys } from "./adoptHostKeys.ts";
import { adoptOldState, type Adoption } from "./adoptOldState.ts";
import { checkMigrated, type StackCheck } from "./checkMigrated.ts";
import { confirmMigration } from "./confirmMigration.ts";
import { findOldStack, type StateStep } from "./findOldStack.ts";

export interface MigrateOptions {
  /** The tree of the shell version; the present one unless given. */
  from?: string;
  dryRun: boolean;
  yes: boolean;
  /** Leaves the old state alone. */
  skipState: boolean;
  /** Whose state the old one is, where that cannot be told. */
  stack?: string;
  acceptChanges: boolean;
  /** Fingerprint of the host key of the machine that is taken over. */
  acceptHostKey?: string;
}

interface StateSummary {
  action: StateStep["action"];
  stack?: string;
  file?: string;
  why?: string;
  hint?: string;
  problems?: readonly Problem[];
}

export interface MigrationReport {
  from: string;
  dryRun: boolean;
  files: readonly FileStep[];
  /** Lines of which nothing is made. */
  left: readonly Note[];
  state: StateSummary;
  checks: readonly StackCheck[];
  adoption?: Adoption;
  hostKeys?: HostKeys;
  /** Whether there was anything to do. */
  changes: boolean;
}

/**
 * Brings the configuration and, where it can be proved to be the same, the state of a shell version's tree into the
 * present layout. Old files are read as data, and never changed. Throws AppError `migrate.*`.
 */
export async function migrateTree(options: MigrateOptions, context: OperationContext): Promise<MigrationReport> {
  const { ports, workspace, rehearsal } = context;
  const root = options.from === undefined ? workspace.root : resolve(options.from);
  await checkTree(root, context);
  const { providers } = await listProviders(context);
  const tree = await readOldTree(root, ports.files);
  const planned = await planFiles(
    tree,
    providers.map(({ manifest }) => manifest),
    workspace,
    ports.files,
  );
  const state: StateStep = options.skipState
    ? { action: "none", why: "it is left alone, as asked" }
    : await findOldStack(tree, options.stack, providers, context);
  const writes = rehearsal === undefined ? planned.steps.filter(({ action }) => action === "write") : [];
  const keyless = await keylessStack(state, options.stack, context);
  const changes = writes.length > 0 || state.action === "adopt" || keyless !== undefined;
  const report: MigrationReport = {
    from: root,
    dryRun: options.dryRun,
    files: planned.steps.map(({ path: _path, content: _content, ...step }) => step),
    left: planned.left,
    state: summaryOf(state),
    checks: [],
    changes,
  };
  if (options.dryRun) return report;
  if (writes.length > 0 || state.action === "adopt") await confirmMigration(report, options.yes, context);
  for (const step of writes) await write(step, context);
  const checks = await checkMigrated(tree, planned.steps, providers, state, context);

  const adoption = state.action === "adopt" ? await adoptOldState(state, options, context) : undefined;
  const trusting = state.action === "adopt" ? state.stack : keyless;
  const hostKeys = trusting === undefined ? undefined : await adoptHostKeys(trusting, options.acceptHostKey, context);
  refuseRest(planned.steps, state);
  return {
    ...report,
    checks,
    ...(adoption === undefined ? {} : { adoption }),
    ...(hostKeys === undefined ? {} : { hostKeys }),
  };
}

/** A stack that was taken over earlier and whose host key is still missing; the old tree need not be there any more. */
async function keylessStack(
  state: StateStep,
  chosen: string | undefined,
  context: OperationContext,
): Promise<Stack | undefined> {
  const named = state.action === "none" && chosen !== undefined ? selectStack(chosen, context) : undefined;
  const stack = state.action === "adopted" ? state.stack : named;
  if (stack === undefined) return undefined;
  return (await hostKeyUnknown(stackPaths(context.workspace, stack), context.ports.files)) ? stack : undefined;
}

async function checkTree(root: string, { ports: { files } }: OperationContext): Promise<void> {
  if (await files.exists(join(root, "infrastructure"))) return;
  throw new AppError("migrate.noTree", `there is no tree of the shell version in ${root}: it has no infrastructure/`, {
    hint: "name the directory that holds infrastructure/: --from DIR",
    exit: exitCodes.usage,
  });
}

/** A file that appeared meanwhile is as sacred as one that was there before. */
async function write({ path, content, to }: PlannedFile, { ports, workspace }: OperationContext): Promise<void> {
  if (path === undefined || content === undefined) return;
  if (await ports.files.exists(path)) {
    throw new AppError("migrate.conflict", `${relative(workspace.root, path)} appeared while this migration ran`, {
      hint: "look at it, then migrate again",
      exit: exitCodes.refused,
    });
  }
  await ports.files.makeDirectory(join(path, ".."));
  await ports.files.write(path, content, 0o600);
  ports.emit({ type: "notice", level: "info", code: "migrate.wrote", message: `wrote ${to ?? path}` });
}

/** What could be done is done; what could not is an error, once. */
function refuseRest(steps: readonly PlannedFile[], state: StateStep): void {
  const conflicts = steps.filter(({ action }) => action === "conflict");
  const problems = conflicts.map(({ from: [where = ""], to = "", why = "" }) => ({
    where,
    message: `is not taken over: ${why}`,
    hint: `compare the two; move ${to} away to have it made anew`,
  }));
  if (state.action === "refuse") {
    throw new AppError("migrate.state", `the old state is not taken over: ${state.why}`, {
      hint: state.hint,
      exit: exitCodes.refused,
      problems: [...(state.problems ?? []), ...problems],
    });
  }
  if (problems.length === 0) return;
  throw new AppError("migrate.conflict", "files of the new layout that exist already were left as they are", {
    hint: "everything else is done; compare what is listed",
    exit: exitCodes.refused,
    problems,
  });
}

function summaryOf(state: StateStep): StateSummary {
  if (state.action === "none" || state.action === "refuse") return state;
  return { action: state.action, file: state.file, stack: state.stack.name };
}
