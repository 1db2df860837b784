import { join } from "node:path";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { FolderFile } from "../FolderFile.ts";
import { unfitFolder } from "../folderProblems.ts";
import { fetchFailed, readArchive, type FetchPorts } from "./readArchive.ts";
import { sourceText, type NpmSource } from "./Source.ts";

const patienceMs = 300_000;

/** The files of a package as it is published: nothing is installed and no script of it runs. */
export async function fetchNpm(source: NpmSource, ports: FetchPorts): Promise<FolderFile[]> {
  const { files, processes, machine } = ports;
  const shown = sourceText(source);
  const program = await processes.which("npm");
  if (program === undefined) {
    throw new AppError("provider.fetch", `${shown} needs npm, which is not on this computer`, {
      hint: "install it, or download the package yourself and give the folder",
      exit: exitCodes.prerequisites,
    });
  }
  const directory = await files.temporaryDirectory("landfall-npm-");
  try {
    const outcome = await processes.run({
      program,
      // In a directory of its own: settings of the project that Landfall was called in do not count.
      directory,
      arguments: ["pack", "--ignore-scripts", "--pack-destination", directory, `${source.name}@${source.version}`],
      environment: {
        ...defined(machine.environment),
        npm_config_update_notifier: "false",
        npm_config_loglevel: "error",
      },
      timeoutMs: patienceMs,
      ...(ports.interrupt === undefined ? {} : { interrupt: ports.interrupt }),
    });
    const archive = (await files.list(directory))?.find((name) => name.endsWith(".tgz"));
    if (outcome.status !== 0 || archive === undefined) {
      throw fetchFailed(shown, "npm could not get it", outcome.stderr.trim().split("\n"));
    }
    // All is below one folder, which most call `package`.
    const all = (await readArchive(join(directory, archive), shown, files)).map((file) => ({
      ...file,
      path: file.path.slice(file.path.indexOf("/") + 1),
    }));
    return below(all, source.subfolder);
  } finally {
    await files.remove(directory);
  }

  function below(all: FolderFile[], subfolder: string | undefined): FolderFile[] {
    if (subfolder === undefined) return all;
    const inside = all.filter(({ path }) => path.startsWith(`${subfolder}/`));
    if (inside.length === 0) throw unfitFolder(shown, [{ message: `there is no folder ${subfolder}`, where: shown }]);
    return inside.map((file) => ({ ...file, path: file.path.slice(subfolder.length + 1) }));
  }
}

function defined(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
