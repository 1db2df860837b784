import { dirname, join } from "node:path";
import type { Workspace } from "../../Workspace.ts";
import type { Ports } from "../../ports/Ports.ts";
import { argv } from "../argv.ts";
import { childEnvironment } from "../childEnvironment.ts";

type Known = Record<string, { size: number; modifiedMs: number; version: string }>;

/**
 * The version of an engine's binary; undefined where it does not run or is something else.
 * Asked once per path, size and time of the file: a process per command would cost more than all the rest.
 */
export async function readEngineVersion(
  program: string,
  workspace: Workspace,
  { files, processes, machine }: Ports,
): Promise<string | undefined> {
  const real = await files.realPath(program);
  const status = real === undefined ? undefined : await files.status(real);
  if (real === undefined || status === undefined) return undefined;
  const memory = join(workspace.cache, "engine", "versions.json");
  const known = parseKnown(await files.read(memory));
  const before = known[real];
  if (before?.size === status.size && before.modifiedMs === status.modifiedMs) return before.version;

  const outcome = await processes.run({
    program,
    arguments: argv.version(),
    environment: childEnvironment(machine.environment, { CHECKPOINT_DISABLE: "1" }),
    timeoutMs: 20_000,
  });
  const version = outcome.status === 0 ? parseVersion(outcome.stdout) : undefined;
  if (version === undefined) return undefined;
  known[real] = { size: status.size, modifiedMs: status.modifiedMs, version };
  await files.makeDirectory(dirname(memory));
  await files.write(memory, `${JSON.stringify(known, undefined, 2)}\n`);
  return version;
}

function parseKnown(text: string | undefined): Known {
  try {
    return text === undefined ? {} : (JSON.parse(text) as Known);
  } catch {
    return {};
  }
}

function parseVersion(text: string): string | undefined {
  try {
    const { terraform_version: version } = JSON.parse(text) as { terraform_version?: unknown };
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}
