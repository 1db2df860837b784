import { relative } from "node:path";
import type { Ports } from "../ports/Ports.ts";
import type { Workspace } from "../Workspace.ts";
import { decodeEnvFile } from "./decodeEnvFile.ts";
import type { EnvFile } from "./EnvFile.ts";
import { parseEnvFile } from "./parseEnvFile.ts";
import { readFailure } from "./readFailure.ts";

/** Reads a `.env` or `.env.tpl` file; undefined when there is none. Messages, also where it cannot be read, name it relative to the root. */
export async function readEnvFile(
  path: string,
  { root }: Pick<Workspace, "root">,
  { files }: Pick<Ports, "files">,
): Promise<EnvFile | undefined> {
  const file = relative(root, path);
  const bytes = await files.readBytes(path).catch(readFailure);
  if (bytes === undefined) return undefined;
  if (typeof bytes === "string") {
    const problem = {
      where: file,
      message: `this file cannot be read: ${bytes}`,
      hint: "put a readable text file there",
    };
    return { file, text: "", entries: [], problems: [problem] };
  }
  const { text, problems } = decodeEnvFile(bytes, file);
  const parsed = parseEnvFile(text, file);
  return { ...parsed, problems: [...problems, ...parsed.problems] };
}
