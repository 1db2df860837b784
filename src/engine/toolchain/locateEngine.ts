import { join } from "node:path";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Ports } from "../../ports/Ports.ts";
import type { Workspace } from "../../Workspace.ts";
import { compareVersions, engineVersion, oldestEngine } from "./engineVersion.ts";
import { readEngineVersion } from "./readEngineVersion.ts";

export interface Located {
  /** Absolute. */
  program: string;
  version: string;
  way: "named" | "path" | "release" | "source";
  /** The way in words, such as "on PATH". */
  origin: string;
}

/** What is kept beside an engine in the cache. */
export interface EngineOrigin {
  way: "release" | "source";
  version: string;
  /** Where the release came from. */
  url?: string;
  sha256?: string;
}

const origins: Record<Located["way"], string> = {
  named: "named by LANDFALL_TOFU",
  path: "on PATH",
  release: "official release, checksum verified",
  source: "built from source",
};

/** Where an engine of ours stands in the cache. */
export function engineDirectory(workspace: Workspace): string {
  return join(workspace.cache, "engine", engineVersion);
}

/** Finds the engine: LANDFALL_TOFU, PATH, the cache. Changes nothing; undefined where one has to be installed. */
export async function locateEngine(workspace: Workspace, ports: Ports): Promise<Located | undefined> {
  const named = ports.machine.environment["LANDFALL_TOFU"];
  if (named !== undefined && named !== "") return locateNamed(named, workspace, ports);

  const onPath = await ports.processes.which("tofu");
  const version = onPath === undefined ? undefined : await readEngineVersion(onPath, workspace, ports);
  if (onPath !== undefined && version !== undefined && compareVersions(version, oldestEngine) >= 0) {
    return located(onPath, version, "path");
  }
  return locateCached(workspace, ports);
}

/** The engine that an earlier run has installed. */
export async function locateCached(workspace: Workspace, { files }: Ports): Promise<Located | undefined> {
  const directory = engineDirectory(workspace);
  const program = join(directory, "tofu");
  const origin = await files.read(join(directory, "origin.json"));
  if (origin === undefined || !(await files.exists(program))) return undefined;
  return located(program, engineVersion, (JSON.parse(origin) as EngineOrigin).way);
}

async function locateNamed(named: string, workspace: Workspace, ports: Ports): Promise<Located> {
  const program = await ports.processes.which(named);
  const version = program === undefined ? undefined : await readEngineVersion(program, workspace, ports);
  if (program === undefined || version === undefined) {
    throw new AppError("engine.notFound", `LANDFALL_TOFU names ${named}, which is no OpenTofu that runs here`, {
      hint: "give the absolute path of a tofu binary, or unset LANDFALL_TOFU",
      exit: exitCodes.prerequisites,
    });
  }
  if (compareVersions(version, oldestEngine) < 0) {
    throw new AppError("engine.tooOld", `LANDFALL_TOFU names OpenTofu ${version}; ${oldestEngine} or newer is needed`, {
      hint: "name a newer one, or unset LANDFALL_TOFU",
      exit: exitCodes.prerequisites,
    });
  }
  return located(program, version, "named");
}

function located(program: string, version: string, way: Located["way"]): Located {
  return { program, version, way, origin: origins[way] };
}
