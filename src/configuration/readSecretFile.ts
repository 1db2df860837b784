import { join, resolve } from "node:path";
import type { Ports } from "../ports/Ports.ts";
import { longestValue } from "./expandValues.ts";
import { secretOutput } from "./secretOutput.ts";

/** What a file says, without one line end at its end, or why it cannot be used. Warns where others may read it. */
export async function readSecretFile(
  path: string,
  root: string,
  { files, machine, emit }: Pick<Ports, "files" | "machine" | "emit">,
): Promise<{ text: string } | { message: string }> {
  const absolute = path === "~" || path.startsWith("~/") ? join(machine.home, path.slice(1)) : resolve(root, path);
  try {
    const real = await files.realPath(absolute);
    if (real === undefined) return { message: `there is no file ${absolute}` };
    const status = await files.status(real);
    if (status?.kind !== "file") return { message: `${absolute} is no file` };
    // Four bytes are the longest character.
    if (status.size > longestValue * 4) return { message: `${absolute} is longer than 128 KiB` };
    const output = secretOutput(new TextDecoder().decode(await files.readBytes(real)));
    if ("message" in output) return { message: `${absolute} ${output.message}` };
    if ((status.mode & 0o077) !== 0) {
      emit({
        type: "notice",
        level: "warning",
        code: "secrets.readable-by-others",
        message: `${absolute} holds a secret and is accessible to other users of this computer`,
        hint: `chmod 600 ${absolute}`,
      });
    }
    return output;
  } catch (error) {
    return { message: `${absolute} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}
