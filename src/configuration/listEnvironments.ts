import { join, relative } from "node:path";
import type { Files } from "../ports/Files.ts";
import type { Workspace } from "../Workspace.ts";
import { protectedByDefault } from "./protectedByDefault.ts";

export interface EnvironmentEntry {
  name: string;
  /** `configured` where the file exists, encrypted or not, `template` where only the template does, `invalid` where the name cannot be used. */
  state: "configured" | "template" | "invalid";
  /** Relative to the root. */
  file: string;
  /** Whether it is protected where its PROTECTED does not say. */
  protectedByDefault: boolean;
  /** Why it is invalid. */
  reason?: string;
}

/** Every environment, by a scan of the directory, in the order of the names. Reads no file. */
export async function listEnvironments(workspace: Workspace, files: Files): Promise<EnvironmentEntry[]> {
  const directory = workspace.environmentConfiguration;
  const found = new Map<string, EnvironmentEntry>();
  for (const fileName of (await files.list(directory)) ?? []) {
    const match = /^(.*)\.env(?:\.age|\.sops|(\.tpl))?$/.exec(fileName);
    const name = match?.[1];
    if (name === undefined || found.get(name)?.state === "configured") continue;
    const file = relative(workspace.root, join(directory, fileName));
    const reason = invalidName(name);
    found.set(name, {
      name,
      state: reason !== undefined ? "invalid" : match?.[2] === undefined ? "configured" : "template",
      file,
      protectedByDefault: protectedByDefault(name),
      ...(reason === undefined ? {} : { reason }),
    });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Why a name cannot be that of an environment; undefined where it can. */
export function invalidName(name: string): string | undefined {
  if (/^[a-z][a-z0-9-]{0,30}$/.test(name)) return undefined;
  return "a name has lower-case letters, digits and hyphens, at most 31, and begins with a letter";
}
