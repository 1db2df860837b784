import { basename, relative } from "node:path";
import type { Ports } from "../ports/Ports.ts";
import type { Workspace } from "../Workspace.ts";
import type { EnvFile } from "./EnvFile.ts";
import { fillTemplate } from "./fillTemplate.ts";
import { generateSecret } from "./generateSecret.ts";
import { isGenerated } from "./placeholders.ts";
import { readEnvFile } from "./readEnvFile.ts";

/**
 * Writes an environment's file from its template, with generated secrets, and tells the user where.
 * A file that exists is left alone, whoever wrote it: what is returned is what the file says.
 */
export async function createEnvironmentFile(
  path: string,
  template: EnvFile,
  workspace: Pick<Workspace, "root">,
  ports: Pick<Ports, "files" | "emit">,
): Promise<EnvFile> {
  const existing = await readEnvFile(path, workspace, ports);
  if (existing !== undefined) return existing;
  const first = `# Written once from ${basename(template.file)}. It is yours to edit; it is never written again.\n`;
  await ports.files.write(path, first + fillTemplate(template, generatedSecrets(template)), 0o600);
  const file = relative(workspace.root, path);
  ports.emit({
    type: "notice",
    level: "info",
    code: "environment.created",
    message: `wrote ${file} from ${basename(template.file)}, with generated secrets`,
    hint: "edit it as you like; it is not written again",
  });
  const created = await readEnvFile(path, workspace, ports);
  if (created === undefined) throw new Error(`${path} is gone`);
  return created;
}

/** A secret for each value that the template leaves to be generated. */
export function generatedSecrets({ entries }: EnvFile): Map<string, string> {
  return new Map(entries.filter(isGenerated).map(({ key }) => [key, generateSecret()]));
}
