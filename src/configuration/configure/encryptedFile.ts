import { basename, dirname } from "node:path";
import type { Problem } from "../../errors.ts";
import type { Files } from "../../ports/Files.ts";

/** Why a file cannot be completed: it, or what stands in its place, is encrypted, and only plain text is written here. */
export async function encryptedFile(
  path: string,
  file: string,
  text: string | undefined,
  files: Pick<Files, "list">,
): Promise<Problem | undefined> {
  const names = (await files.list(dirname(path))) ?? [];
  const ending = [".age", ".sops"].find((end) => names.includes(`${basename(path)}${end}`)) ?? "";
  const isAge = ending === ".age" || /^(-----BEGIN AGE|age-encryption\.org\/)/.test(text ?? "");
  const isSops = ending === ".sops" || /^sops_mac=/m.test(text ?? "");
  if (!isAge && !isSops) return undefined;
  return {
    where: `${file}${ending}`,
    message: "this file is encrypted, and what is completed here is plain text",
    hint: isSops
      ? `sops edit --input-type dotenv --output-type dotenv ${file}${ending}`
      : `decrypt it to ${file} (age -d), complete that, and encrypt it again`,
  };
}
