import { join, relative } from "node:path";
import type { Ports } from "../ports/Ports.ts";
import type { Workspace } from "../Workspace.ts";
import { fillGenerated } from "./configure/fillGenerated.ts";
import { createEnvironmentFile } from "./createEnvironmentFile.ts";
import type { EnvFile } from "./EnvFile.ts";
import { unconfiguredEnvironment, undecryptedEnvironment, unknownEnvironment } from "./environmentErrors.ts";
import { findEnvFile } from "./findEnvFile.ts";
import { environmentNames } from "./environmentNames.ts";
import { parseEnvFile } from "./parseEnvFile.ts";
import { isGenerated, placeholderOf } from "./placeholders.ts";
import { readEnvFile } from "./readEnvFile.ts";
import { readValuesFile } from "./readValuesFile.ts";

/**
 * What an environment's file says. Where there is only a template that needs no answers, the file is made from it:
 * on disk with `persist`, in memory otherwise. For a rehearsal the template is read as it is, and it stands in for an
 * encrypted file too. Throws `environment.unknown`, `environment.unconfigured` and `environment.encrypted`.
 */
export async function readEnvironment(
  {
    workspace,
    environment,
    persist,
    rehearsal,
  }: { workspace: Workspace; environment: string; persist: boolean; rehearsal?: boolean },
  ports: Ports,
): Promise<EnvFile> {
  const path = join(workspace.environmentConfiguration, `${environment}.env`);
  const file = relative(workspace.root, path);
  const existing = await readValuesFile(path, workspace, rehearsal === true, ports);
  if (existing !== undefined) return existing;

  const template = await readEnvFile(`${path}.tpl`, workspace, ports);
  if (template === undefined) {
    const encrypted = await findEnvFile(path, workspace, ports.files);
    if (encrypted !== undefined)
      throw undecryptedEnvironment(environment, file, relative(workspace.root, encrypted.path));
    throw unknownEnvironment(environment, file, await environmentNames(workspace, ports.files));
  }
  if (template.problems.length > 0 || rehearsal === true) return template;
  const personal = template.entries.some((entry) => placeholderOf(entry) !== undefined && !isGenerated(entry));
  if (personal) throw unconfiguredEnvironment(environment, file, template);
  if (persist) return createEnvironmentFile(path, template, workspace, ports);
  return parseEnvFile(fillGenerated(template.text).text, template.file);
}
