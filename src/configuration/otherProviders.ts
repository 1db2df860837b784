import type { Files } from "../ports/Files.ts";
import type { Workspace } from "../Workspace.ts";

/** Names of providers beside `provider`, by their folders and files; only used to tell whose a variable is. */
export async function otherProviders(workspace: Workspace, provider: string, files: Files): Promise<string[]> {
  const [folders, configured] = await Promise.all([
    files.list(workspace.providers),
    files.list(workspace.providerConfiguration),
  ]);
  const names = [
    ...(folders ?? []),
    ...(configured ?? []).map((name) => name.replace(/\.env(\.tpl|\.age|\.sops)?$/, "")),
  ];
  return [...new Set(names)].filter((name) => name !== provider && /^[a-z][a-z0-9-]{0,30}$/.test(name));
}
