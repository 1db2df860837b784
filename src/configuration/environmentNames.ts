import type { Files } from "../ports/Files.ts";
import type { Workspace } from "../Workspace.ts";
import { listEnvironments } from "./listEnvironments.ts";

/** The environments that can be used: those with a file or a template. */
export async function environmentNames(workspace: Workspace, files: Files): Promise<string[]> {
  const entries = await listEnvironments(workspace, files);
  return entries.filter(({ state }) => state !== "invalid").map(({ name }) => name);
}
