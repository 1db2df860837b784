import type { FolderFile } from "./FolderFile.ts";

/** What Landfall or the engine would run of a folder, as a person is told before it is accepted. */
export interface RunnableFile {
  path: string;
  bytes: number;
  /** When it runs. */
  when: string;
}

const entryPoints: Record<string, string> = {
  "provider.ts": "when a command uses the provider",
  "provider.sh": "when a command uses the provider",
  "rehearsal.ts": "in a rehearsal",
  "plugin/overlay.ts": "when its plugin is built from source",
  "plugin/go.mod": "says what its plugin is built from",
};

/** By path. What the entry points load is in the list as well. */
export function runnableFiles(files: readonly FolderFile[]): RunnableFile[] {
  return files
    .flatMap(({ path, bytes, executable }) => {
      const when = entryPoints[path] ?? reasonOf(path, executable);
      return when === undefined ? [] : [{ path, bytes: bytes.byteLength, when }];
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function reasonOf(path: string, executable: boolean): string | undefined {
  if (/\.([cm]?[jt]s|json|wasm|node)$/.test(path))
    return path.endsWith(".json") ? undefined : "when other code loads it";
  if (/\.tf(\.json)?$/.test(path)) return "in the engine, which may start programs";
  return executable || path.endsWith(".sh") ? "when other code starts it" : undefined;
}
