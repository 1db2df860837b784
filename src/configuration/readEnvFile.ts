import { relative } from "node:path";
import type { Ports } from "../ports/Ports.ts";
import type { Workspace } from "../Workspace.ts";
import { decodeEnvFile } from "./decodeEnvFile.ts";
import type { EnvFile } from "./EnvFile.ts";
import { parseEnvFile } from "./parseEnvFile.ts";

/** Reads a `.env` or `.env.tpl` file; undefined when there is none. Messages name it relative to the root. */
export async function readEnvFile(
  path: string,
  { root }: Pick<Workspace, "root">,
  { files }: Pick<Ports, "files">,
): Promise<EnvFile | undefined> {
  const bytes = await files.readBytes(path);
  if (bytes === undefined) return undefined;
  const file = relative(root, path);
  const { text, problems } = decodeEnvFile(bytes, file);
  const parsed = parseEnvFile(text, file);
  return { ...parsed, problems: [...problems, ...parsed.problems] };
}
