import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import type { Files } from "../ports/Files.ts";
import type { Machine } from "../ports/Machine.ts";
import { stateHome } from "../ports/stateHome.ts";
import type { Workspace } from "../Workspace.ts";
import type { Stack } from "./Stack.ts";

/**
 * Where a second copy of what must not be lost with a stack's directory is kept: in the user's state directory, one for
 * each place where a clone stands, so that a clone that is made anew there finds it.
 */
export async function outsideDirectory(
  { root }: Pick<Workspace, "root">,
  { environment, provider }: Pick<Stack, "environment" | "provider">,
  { machine, files }: { machine: Pick<Machine, "environment" | "home">; files: Files },
): Promise<string> {
  const place = (await files.realPath(root)) ?? root;
  const clone = `${basename(place)}-${createHash("sha256").update(place).digest("hex").slice(0, 12)}`;
  return join(stateHome(machine), "landfall", clone, environment, provider);
}
