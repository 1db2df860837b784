import { relative } from "node:path";
import type { Ports } from "../ports/Ports.ts";
import type { Workspace } from "../Workspace.ts";
import { decodeEnvFile } from "./decodeEnvFile.ts";
import { decryptEnvFile } from "./decryptEnvFile.ts";
import type { EnvFile } from "./EnvFile.ts";
import { findEnvFile } from "./findEnvFile.ts";
import { parseEnvFile } from "./parseEnvFile.ts";
import { readEnvFile } from "./readEnvFile.ts";

/**
 * What the file of an environment, of a provider or of state says, decrypted in memory where it is encrypted; undefined where there is
 * none. For a rehearsal nothing is decrypted: there an encrypted file counts as its template, which may be absent.
 * Lines in messages are those of the decrypted text.
 * @param path of NAME.env
 */
export async function readValuesFile(
  path: string,
  workspace: Pick<Workspace, "root">,
  rehearsal: boolean,
  ports: Pick<Ports, "files" | "processes" | "machine" | "terminal">,
): Promise<EnvFile | undefined> {
  const found = await findEnvFile(path, workspace, ports.files);
  if (found === undefined) return undefined;
  let { form } = found;
  if (form === "plain") {
    const plain = await readEnvFile(found.path, workspace, ports);
    if (plain === undefined || !isSopsFile(plain)) return plain;
    form = "sops";
  }
  if (rehearsal) return readEnvFile(`${path}.tpl`, workspace, ports);
  const file = relative(workspace.root, found.path);
  const { text, problems } = decodeEnvFile(await decryptEnvFile(found.path, form, workspace, ports), file);
  const parsed = parseEnvFile(text, file);
  return { ...parsed, encrypted: true, problems: [...problems, ...parsed.problems] };
}

/** SOPS writes its own data as variables behind the others. */
function isSopsFile({ entries }: EnvFile): boolean {
  return ["sops_version", "sops_mac"].every((name) => entries.some(({ key }) => key === name));
}
