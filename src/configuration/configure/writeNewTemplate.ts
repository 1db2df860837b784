import { join, relative } from "node:path";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Ports } from "../../ports/Ports.ts";
import type { Workspace } from "../../Workspace.ts";
import { unknownEnvironment } from "../environmentErrors.ts";
import { invalidConfiguration } from "../invalidConfiguration.ts";
import { invalidName, listEnvironments } from "../listEnvironments.ts";
import { deriveTemplate } from "./deriveTemplate.ts";
import { readDraft } from "./readDraft.ts";

/**
 * Writes the template of a new environment after another one's, and gives its name relative to the root. Throws
 * `environment.invalid`, `environment.exists`, `environment.unknown` and `environment.noTemplate`, and overwrites nothing.
 */
export async function writeNewTemplate(
  name: string,
  from: string,
  workspace: Workspace,
  ports: Pick<Ports, "files">,
): Promise<string> {
  if (name === "local") {
    throw refused("environment.invalid", "local is the old name of development", "choose another name");
  }
  const invalid = invalidName(name);
  if (invalid !== undefined) {
    throw refused("environment.invalid", `"${name}" cannot be the name of an environment`, invalid);
  }
  const path = join(workspace.environmentConfiguration, `${name}.env`);
  const file = `${relative(workspace.root, path)}.tpl`;
  const entries = await listEnvironments(workspace, ports.files);
  const existing = entries.find((entry) => entry.name === name);
  if (existing !== undefined) throw exists(name, existing.file);

  const source = join(workspace.environmentConfiguration, `${from}.env`);
  const { draft, problems } = await readDraft("environment", source, workspace, ports);
  const broken = problems.filter(({ where }) => where?.startsWith(`${draft.file}.tpl`) === true);
  if (broken.length > 0) {
    throw invalidConfiguration(from, broken, "correct what is listed, then run the same command again");
  }
  if (draft.template === undefined) {
    const names = entries.filter(({ state }) => state !== "invalid").map((entry) => entry.name);
    if (!names.includes(from)) throw unknownEnvironment(from, draft.file, names);
    throw refused(
      "environment.noTemplate",
      `${from} has no template: there is only ${draft.file}, with its secrets`,
      "choose one that has a template, with --from ENVIRONMENT",
    );
  }
  const made = await ports.files.create(`${path}.tpl`, deriveTemplate(draft.template, from, name), 0o644);
  if (!made) throw exists(name, file);
  return file;
}

function exists(name: string, file: string): AppError {
  return refused(
    "environment.exists",
    `environment ${name} exists: ${file}`,
    `landfall configure ${name} completes it; or choose another name`,
  );
}

function refused(code: string, sentence: string, hint: string): AppError {
  return new AppError(code, sentence, { hint, exit: exitCodes.usage });
}
