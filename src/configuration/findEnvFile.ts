import { basename, dirname, join, relative } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Files } from "../ports/Files.ts";
import type { Workspace } from "../Workspace.ts";

export type EnvFileForm = "plain" | "age" | "sops";

export interface FoundEnvFile {
  path: string;
  /** By the name: a plain file may still be encrypted in place. */
  form: EnvFileForm;
}

/**
 * The file that says the values of an environment, of a provider or of state: NAME.env, NAME.env.age or NAME.env.sops; undefined where
 * there is none. Who wants to write NAME.env asks here first. Throws `configuration.several` where there is more than one.
 * @param path of NAME.env, whether it exists or not
 */
export async function findEnvFile(
  path: string,
  { root }: Pick<Workspace, "root">,
  files: Files,
): Promise<FoundEnvFile | undefined> {
  const name = basename(path);
  const forms: readonly FoundEnvFile[] = [
    { path, form: "plain" },
    { path: `${path}.age`, form: "age" },
    { path: `${path}.sops`, form: "sops" },
  ];
  const names = (await files.list(dirname(path))) ?? [];
  const [found, ...others] = forms.filter((form) => names.includes(basename(form.path)));
  if (found === undefined || others.length === 0) return found;
  const list = [found, ...others].map((form) => relative(root, form.path)).join(" and ");
  throw new AppError("configuration.several", `there are ${list}, and only one of them may say the values`, {
    hint: `keep one; ${relative(root, join(dirname(path), `${name}.tpl`))} beside it is no matter`,
    exit: exitCodes.usage,
  });
}
