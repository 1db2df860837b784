import { dirname } from "node:path";
import type { Ports } from "../../ports/Ports.ts";
import { decodeEnvFile } from "../decodeEnvFile.ts";
import type { Names } from "../Names.ts";
import { parseEnvFile } from "../parseEnvFile.ts";
import { protectEnvFile } from "../protectEnvFile.ts";
import { changedMeanwhile } from "./configureErrors.ts";
import type { EnvDraft } from "./EnvDraft.ts";

/**
 * Writes what differs from what is there, 0600; what does not is not touched, but closed to others. Throws
 * `configure.changed` where a file is not what it was when it was read: before anything is written.
 */
export async function writeDrafts(
  drafts: readonly EnvDraft[],
  names: Names,
  { files, emit }: Pick<Ports, "files" | "emit">,
): Promise<void> {
  const changed = drafts.filter(({ before, text }) => before !== text);
  for (const { path, file, before } of changed) {
    const bytes = await files.readBytes(path);
    const now = bytes === undefined ? undefined : decodeEnvFile(bytes, file).text;
    if (now !== before) throw changedMeanwhile(file);
  }
  for (const { path, file, before, text } of changed) {
    if (before !== undefined) {
      // Through a link: what it leads to is the file.
      await files.write((await files.realPath(path)) ?? path, text, 0o600);
      continue;
    }
    await files.makeDirectory(dirname(path));
    if (!(await files.create(path, text, 0o600))) throw changedMeanwhile(file);
  }
  for (const { path, file, before, text } of drafts) {
    if (before === text) await protectEnvFile(path, parseEnvFile(text, file), names, true, { files, emit });
  }
}
