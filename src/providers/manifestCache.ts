import { join } from "node:path";
import type { Files, FileStatus } from "../ports/Files.ts";
import type { Workspace } from "../Workspace.ts";
import type { Manifest } from "./Manifest.ts";

/**
 * Valid manifests of the last scan, so that a command reads no YAML where nothing changed.
 * It only saves time: whatever is wrong with it, the manifests themselves are read.
 */
export interface ManifestCache {
  /** Throws what `parseManifest` throws. `status` is that of the file, links not followed. */
  manifest(file: string, folderName: string, status: FileStatus): Promise<Manifest>;
  /** Keeps what this scan saw, where it differs from what was kept. */
  save(): Promise<void>;
}

interface Entry {
  size: number;
  modifiedMs: number;
  manifest: Manifest;
}

interface Kept {
  reader: string;
  entries: Record<string, Entry>;
}

/** A file that is this much older than the cache cannot have changed since without another time stamp. */
const granularityMs = 50;

export async function openManifestCache(
  workspace: Workspace,
  searched: readonly string[],
  files: Files,
): Promise<ManifestCache> {
  const path = join(workspace.cache, "manifests", `${fnv1a(searched.join("\n"))}.json`);
  const [reader, kept, status] = await Promise.all([fingerprint(files), load(path, files), files.status(path)]);
  const known = kept?.reader === reader ? kept.entries : {};
  const seen: Record<string, Entry> = {};
  let fresh = 0;

  return {
    async manifest(file, folderName, { kind, size, modifiedMs }) {
      const entry = known[file];
      if (
        entry !== undefined &&
        entry.size === size &&
        entry.modifiedMs === modifiedMs &&
        modifiedMs + granularityMs < (status?.modifiedMs ?? 0)
      ) {
        seen[file] = entry;
        return entry.manifest;
      }
      const manifest = await readManifest(files)(file, folderName);
      fresh += 1;
      if (kind === "file") seen[file] = { size, modifiedMs, manifest };
      return manifest;
    },
    async save() {
      if (fresh === 0 && Object.keys(known).length === Object.keys(seen).length) return;
      const next: Kept = { reader, entries: seen };
      try {
        await files.makeDirectory(join(workspace.cache, "manifests"));
        await files.write(path, JSON.stringify(next));
      } catch {
        // The next scan reads the manifests again, that is all.
      }
    },
  };
}

/** Loads the YAML and schema libraries only where a manifest has to be read. */
export function readManifest(files: Files): (file: string, folderName: string) => Promise<Manifest> {
  return async (file, folderName) => {
    const { parseManifest } = await import("./parseManifest.ts");
    return parseManifest((await files.read(file)) ?? "", file, folderName);
  };
}

async function load(path: string, files: Files): Promise<Kept | undefined> {
  try {
    return JSON.parse((await files.read(path)) ?? "") as Kept;
  } catch {
    return undefined;
  }
}

/** Changes with the code that reads manifests: what another version kept is not trusted. The build names itself here. */
async function fingerprint(files: Files): Promise<string> {
  const sources = [
    "parseManifest.ts",
    "manifestSchema.ts",
    "manifestFields.ts",
    "checkSettings.ts",
    "../documents/readYaml.ts",
    "providerName.ts",
    "manifestSize.ts",
  ];
  const paths = [import.meta.filename, ...sources.map((name) => join(import.meta.dirname, name))];
  const statuses = await Promise.all(paths.map((path) => files.status(path)));
  return [import.meta.filename, ...statuses.map((status) => `${status?.size ?? 0}:${status?.modifiedMs ?? 0}`)].join(
    " ",
  );
}

/** A short name of a text. Node's own digests take longer to load than the cache saves. */
function fnv1a(text: string): string {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return value.toString(16).padStart(8, "0");
}
