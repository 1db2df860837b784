import { relative } from "node:path";
import type { Problem } from "../../errors.ts";
import type { Files } from "../../ports/Files.ts";
import type { Workspace } from "../../Workspace.ts";
import { findEnvFile } from "../findEnvFile.ts";

/** Why a file cannot be completed: it, or what stands in its place, is encrypted, and only plain text is written here. */
export async function encryptedFile(
  path: string,
  workspace: Pick<Workspace, "root">,
  text: string | undefined,
  files: Files,
): Promise<Problem | undefined> {
  const found = await findEnvFile(path, workspace, files);
  const file = relative(workspace.root, path);
  const where = relative(workspace.root, found?.path ?? path);
  const isAge = found?.form === "age" || /^(-----BEGIN AGE|age-encryption\.org\/)/.test(text ?? "");
  const isSops = found?.form === "sops" || /^sops_mac=/m.test(text ?? "");
  if (!isAge && !isSops) return undefined;
  return {
    where,
    message: "this file is encrypted, and what is completed here is plain text",
    hint: isSops
      ? `sops edit --input-type dotenv --output-type dotenv ${where}`
      : `decrypt it to ${file} (age -d), complete that, and encrypt it again`,
  };
}
