import { isScalar, parseDocument } from "yaml";
import type { FolderFile } from "./FolderFile.ts";
import { mostManifestBytes } from "./manifestSize.ts";

/** The name that a folder's manifest gives; undefined where it has none that could be read. */
export function manifestName(files: readonly FolderFile[]): string | undefined {
  const node = nameIn(files);
  return typeof node?.value === "string" ? node.value : undefined;
}

/** The same folder under another name: in its manifest that one word is replaced, and nothing else. */
export function renamedFolder(files: readonly FolderFile[], name: string): FolderFile[] {
  const node = nameIn(files);
  if (node?.range === undefined || node.range === null) return [...files];
  const [begin, end] = node.range;
  return files.map((file) => {
    if (file.path !== "provider.yaml") return file;
    const text = Buffer.from(file.bytes).toString("utf8");
    return { ...file, bytes: Buffer.from(text.slice(0, begin) + name + text.slice(end)) };
  });
}

function nameIn(files: readonly FolderFile[]) {
  const file = files.find(({ path }) => path === "provider.yaml");
  if (file === undefined || file.bytes.byteLength > mostManifestBytes) return undefined;
  try {
    const node = parseDocument(Buffer.from(file.bytes).toString("utf8"), { logLevel: "error" }).get("name", true);
    return isScalar(node) ? node : undefined;
  } catch {
    // Validation says what is wrong with it.
    return undefined;
  }
}
