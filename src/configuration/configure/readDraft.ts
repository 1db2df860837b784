import { relative } from "node:path";
import type { Problem } from "../../errors.ts";
import type { Ports } from "../../ports/Ports.ts";
import type { Workspace } from "../../Workspace.ts";
import { decodeEnvFile } from "../decodeEnvFile.ts";
import { parseEnvFile } from "../parseEnvFile.ts";
import { encryptedFile } from "./encryptedFile.ts";
import type { EnvDraft } from "./EnvDraft.ts";

/**
 * Reads a file and its template as they stand, byte order marks and line ends too; with what keeps them from being edited.
 * @param fallback a template elsewhere, for where none stands beside the file
 */
export async function readDraft(
  of: EnvDraft["of"],
  path: string,
  { root }: Pick<Workspace, "root">,
  { files }: Pick<Ports, "files">,
  fallback?: string,
): Promise<{ draft: EnvDraft; problems: readonly Problem[] }> {
  const file = relative(root, path);
  const [own, beside] = await Promise.all([read(path), read(`${path}.tpl`)]);
  const template = beside ?? (fallback === undefined ? undefined : await read(fallback));
  const problems = [own, template].flatMap((source) => source?.problems ?? []);
  const encrypted = await encryptedFile(path, { root }, own?.text, files);
  if (encrypted !== undefined) problems.splice(0, Infinity, encrypted);
  else if (own === undefined && (await files.status(path)) !== undefined) {
    problems.push({
      where: file,
      message: "this is a link to a file that does not exist",
      hint: "make what it leads to available, or remove the link",
    });
  }
  const draft: EnvDraft = {
    of,
    path,
    file,
    before: own?.text,
    template: template?.text,
    text: own?.text ?? "",
    added: [],
    changed: [],
    generated: [],
  };
  return { draft, problems };

  async function read(from: string): Promise<{ text: string; problems: readonly Problem[] } | undefined> {
    const bytes = await files.readBytes(from);
    if (bytes === undefined) return undefined;
    const name = relative(root, from);
    const { text, problems: undecoded } = decodeEnvFile(bytes, name);
    return { text, problems: [...undecoded, ...parseEnvFile(text, name).problems] };
  }
}
