import { join, relative, resolve } from "node:path";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Workspace } from "../../Workspace.ts";
import type { FolderFile } from "../FolderFile.ts";
import { checkFolder, leftOut } from "../folderProblems.ts";
import { readFolder } from "../readFolder.ts";
import { fetchGit } from "./fetchGit.ts";
import { fetchNpm } from "./fetchNpm.ts";
import type { FetchPorts } from "./readArchive.ts";
import { sourceText, type Source } from "./Source.ts";

export interface FetchedSource {
  files: FolderFile[];
  /** What is recorded. */
  source: string;
  /** What the folder is called where it comes from. */
  name: string;
}

/** Packages of a source are not taken along: code of a provider imports types only. */
const notTaken = [...leftOut, "node_modules"];

/** Fetches a source into memory. Executes nothing of it. */
export async function fetchSource(source: Source, workspace: Workspace, ports: FetchPorts): Promise<FetchedSource> {
  const text = sourceText(source);
  if (source.kind === "path") {
    const folder = await ports.files.realPath(resolve(source.path));
    if (folder === undefined || (await ports.files.status(folder))?.kind !== "directory") {
      throw new AppError("provider.source", `there is no folder ${resolve(source.path)}`, {
        hint: "name a folder, git+https://HOST/PATH#COMMIT[:SUBFOLDER], or npm:NAME@VERSION[/SUBFOLDER]",
        exit: exitCodes.usage,
      });
    }
    // Relative, so that the record says the same in every clone that lies beside the folder.
    const recorded = relative((await ports.files.realPath(workspace.root)) ?? workspace.root, folder);
    const shown = recorded.startsWith(".") ? recorded : `./${recorded}`;
    return { files: await readFolder(folder, ports.files, notTaken), source: shown, name: lastOf(folder) };
  }
  const fetched = source.kind === "git" ? await fetchGit(source, ports) : await fetchNpm(source, ports);
  const files = fetched.filter(({ path }) => !path.split("/").some((part) => notTaken.includes(part)));
  checkFolder(files, text);
  const origin = source.kind === "git" ? source.url.replace(/(\.git)?\/*$/, "") : source.name;
  return { files, source: text, name: lastOf(join("/", source.subfolder ?? origin)) };
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
