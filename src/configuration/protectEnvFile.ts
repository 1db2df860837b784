import type { Ports } from "../ports/Ports.ts";
import type { EnvFile } from "./EnvFile.ts";
import type { Names } from "./Names.ts";
import { trackedByGit } from "./trackedByGit.ts";

/**
 * Tells the user when git tracks a file with secrets, and when others may read it, which is taken from them.
 * @param persist whether anything may be changed; otherwise it only warns
 */
export async function protectEnvFile(
  path: string,
  { file, entries }: EnvFile,
  names: Names,
  persist: boolean,
  { files, emit }: Pick<Ports, "files" | "emit">,
): Promise<void> {
  const holdsSecret = entries.some(
    ({ key, parts }) =>
      names.secret(names.canonical(key)) && (parts === undefined || parts.some(({ kind }) => kind !== "secret")),
  );
  if (!holdsSecret) return;
  if ((await trackedByGit(path, { files })) === true) {
    emit({
      type: "notice",
      level: "warning",
      code: "configuration.tracked-by-git",
      message: `${file} contains secrets, and git tracks it: they travel with every clone and stay in the history`,
      hint: `git rm --cached ${file}, commit that, and change the secrets`,
    });
  }
  const real = await files.realPath(path);
  const mode = real === undefined ? undefined : (await files.status(real))?.mode;
  if (real === undefined || mode === undefined || (mode & 0o077) === 0) return;
  const closed =
    persist &&
    (await files.chmod(real, 0o600).then(
      () => true,
      () => false,
    ));
  emit({
    type: "notice",
    level: "warning",
    code: "configuration.readable-by-others",
    message: `${file} contains secrets and ${closed ? "was" : "is"} accessible to other users of this computer`,
    hint: closed ? "the mode is 0600 now; consider whether somebody may have read it" : `chmod 600 ${file}`,
  });
}
