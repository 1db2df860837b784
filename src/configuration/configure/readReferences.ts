import { join } from "node:path";
import type { Ports } from "../../ports/Ports.ts";
import type { Workspace } from "../../Workspace.ts";
import { readEnvFile } from "../readEnvFile.ts";
import { mentionedIn } from "./namesIn.ts";

/** Names that any file of the configuration refers to: what one file sets may be used by another one only. */
export async function readReferences(workspace: Workspace, ports: Ports): Promise<string[]> {
  const directories = [workspace.environmentConfiguration, workspace.providerConfiguration];
  const paths = await Promise.all(
    directories.map(async (directory) =>
      ((await ports.files.list(directory)) ?? [])
        .filter((name) => name.endsWith(".env"))
        .map((name) => join(directory, name)),
    ),
  );
  const files = await Promise.all(
    [workspace.projectConfiguration, workspace.stateConfiguration, ...paths.flat()].map((path) =>
      readEnvFile(path, workspace, ports),
    ),
  );
  return files.flatMap((file) => (file === undefined || file.problems.length > 0 ? [] : mentionedIn(file.text)));
}
