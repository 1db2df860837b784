import { basename, relative } from "node:path";
import type { Ports } from "../ports/Ports.ts";
import type { Workspace } from "../Workspace.ts";
import { fillGenerated } from "./configure/fillGenerated.ts";
import type { EnvFile } from "./EnvFile.ts";
import { readEnvFile } from "./readEnvFile.ts";

/**
 * Writes an environment's file from its template, with generated secrets, and tells the user where.
 * A file that exists is left alone, whoever wrote it and however late: what is returned is what the file says.
 */
export async function createEnvironmentFile(
  path: string,
  template: EnvFile,
  workspace: Pick<Workspace, "root">,
  ports: Pick<Ports, "files" | "emit">,
): Promise<EnvFile> {
  const made = await ports.files.create(path, fillGenerated(template.text).text, 0o600);
  const file = await readEnvFile(path, workspace, ports);
  if (file === undefined) throw new Error(`${path} is gone`);
  if (!made) return file;
  ports.emit({
    type: "notice",
    level: "info",
    code: "environment.created",
    message: `wrote ${relative(workspace.root, path)} from ${basename(template.file)}, with generated secrets`,
    hint: "edit it as you like; what stands there is not overwritten",
  });
  return file;
}
