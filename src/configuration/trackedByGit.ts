import { dirname, join, relative, resolve } from "node:path";
import type { Ports } from "../ports/Ports.ts";
import { indexHolds } from "./gitIndex.ts";

/**
 * Whether git tracks a file; false where there is no repository. Reads the index itself, because this is looked at by every
 * command that loads a configuration, and starting git would take longer than all the rest of that. Undefined where only
 * git can tell.
 */
export async function trackedByGit(path: string, { files }: Pick<Ports, "files">): Promise<boolean | undefined> {
  // A directory may be a link; a file that is one is tracked as the link.
  const directory = (await files.realPath(dirname(path))) ?? dirname(path);
  const real = join(directory, relative(dirname(path), path));
  for (let top = directory; ; top = dirname(top)) {
    const git = join(top, ".git");
    const kind = (await files.status(git))?.kind;
    if (kind !== undefined) {
      const place = kind === "file" ? /^gitdir: (.*)$/m.exec((await files.read(git)) ?? "")?.[1] : ".git";
      if (place === undefined) return undefined;
      const index = await files.readBytes(join(resolve(top, place), "index"));
      return index === undefined ? false : indexHolds(Buffer.from(index), relative(top, real));
    }
    if (top === dirname(top)) return false;
  }
}
