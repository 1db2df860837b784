import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";

/** One thing that a state of the shell version holds. */
export interface OldResource {
  /** As the old state names it, such as `module.acme_infrastructure[0].acme_server.main`. */
  address: string;
  type: string;
  name: string;
  /** What its plugin knows it by. */
  id: string;
  attributes: Readonly<Record<string, unknown>>;
}

export interface OldState {
  lineage: string;
  resources: readonly OldResource[];
}

interface StateFile {
  version?: unknown;
  lineage?: unknown;
  encrypted_data?: unknown;
  resources?: {
    mode?: string;
    module?: string;
    type?: string;
    name?: string;
    instances?: { index_key?: string | number; deposed?: string; attributes?: Record<string, unknown> }[];
  }[];
}

/** The managed resources of a state of version 4, which Terraform and OpenTofu share. Throws AppError `migrate.state`. */
export function readOldState(text: string, file: string): OldState {
  const state = parse(text);
  if (state === undefined)
    throw unreadable(file, "it is no state", "restore it from its backup, terraform.tfstate.backup");
  if (state.encrypted_data !== undefined) {
    throw unreadable(file, "it is encrypted", "decrypt it with the engine that wrote it, then migrate again");
  }
  if (state.version !== 4) {
    throw unreadable(
      file,
      `it has the format ${JSON.stringify(state.version)}, not 4`,
      "run the old tool's refresh with a present engine, which writes format 4, then migrate again",
    );
  }
  const resources = (state.resources ?? []).filter(({ mode }) => mode === "managed");
  return {
    lineage: typeof state.lineage === "string" ? state.lineage : "",
    resources: resources.flatMap(({ module, type = "", name = "", instances = [] }) =>
      instances
        .filter(({ deposed }) => deposed === undefined)
        .map(({ index_key: index, attributes = {} }) => ({
          address: `${module === undefined ? "" : `${module}.`}${type}.${name}${index === undefined ? "" : `[${JSON.stringify(index)}]`}`,
          type,
          name,
          id: String(attributes["id"] ?? ""),
          attributes,
        })),
    ),
  };
}

function parse(text: string): StateFile | undefined {
  try {
    const state = JSON.parse(text) as StateFile | null;
    return typeof state === "object" && state !== null && ("version" in state || "encrypted_data" in state)
      ? state
      : undefined;
  } catch {
    return undefined;
  }
}

function unreadable(file: string, why: string, hint: string): AppError {
  return new AppError("migrate.state", `the old state ${file} cannot be taken over: ${why}`, {
    hint,
    exit: exitCodes.refused,
  });
}
