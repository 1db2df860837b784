import type { Problem } from "../errors.ts";
import type { Application } from "./Application.ts";
import type { ComposeFile } from "./ApplicationFolder.ts";
import type { Service } from "./checkCompose.ts";
import { interpolate } from "./interpolate.ts";
import type { Release } from "./Release.ts";
import { dataDirectory } from "./resolveSettings.ts";

/**
 * What containers see of the server has to be there: docker makes a directory, which is root's, of every source that is
 * missing. Named volumes are refused, as nobody would find the data in them, or back it up.
 */
export function checkMounts(
  compose: ComposeFile,
  services: ReadonlyMap<string, Service>,
  application: Application,
  { files }: Pick<Release, "files">,
  texts: Readonly<Record<string, string>>,
): Problem[] {
  const problems: Problem[] = [];
  const report = (path: readonly PropertyKey[], message: string, hint: string): void =>
    void problems.push({ where: compose.where(path), message, hint });

  for (const [name, service] of services) {
    const path = ["services", name];
    listOf(service["volumes"]).forEach((entry, index) =>
      checkSource(sourceOf(entry), name, [...path, "volumes", index]),
    );
    listOf(service["env_file"]).forEach((entry, index) => {
      const file = typeof entry === "string" ? entry : (entry as { path?: unknown } | null)?.path;
      if (typeof file === "string") checkRelative(interpolate(file, texts), [...path, "env_file", index]);
    });
  }
  for (const list of ["secrets", "configs"]) {
    for (const [name, entry] of Object.entries((compose.data[list] ?? {}) as Record<string, unknown>)) {
      const file = (entry as { file?: unknown } | null)?.file;
      if (typeof file === "string") checkRelative(interpolate(file, texts), [list, name, "file"]);
    }
  }
  return problems;

  function checkSource(source: string | undefined, service: string, path: readonly PropertyKey[]): void {
    if (source === undefined) return;
    const text = interpolate(source, texts);
    if (text === dataDirectory || text.startsWith(`${dataDirectory}/`)) checkData(text, path);
    else if (text.startsWith(".")) checkRelative(text, path);
    else if (!text.startsWith("/"))
      report(
        path,
        `${service} keeps data in the volume ${text}, which is not backed up`,
        `bind a directory: declare it below data of application.yaml, and write \${DATA}/${text}:...`,
      );
  }

  function checkData(text: string, path: readonly PropertyKey[]): void {
    const below = text.slice(dataDirectory.length + 1);
    const declared = application.data.map((directory) => directory.path);
    if (declared.some((known) => below === known || below.startsWith(`${known}/`))) return;
    report(
      path,
      `\${DATA}/${below} is none of the directories in data of application.yaml`,
      "declare it there, with its owner",
    );
  }

  function checkRelative(text: string, path: readonly PropertyKey[]): void {
    const parts = text.split("/").filter((part) => part !== "." && part !== "");
    const file = parts.join("/");
    if (text.startsWith("/")) return;
    if (parts.includes("..")) report(path, `${text} leaves the release`, "name what is inside of it");
    else if (file !== "" && !files.some((known) => known.path === file || known.path.startsWith(`${file}/`)))
      report(path, `${text} is not in the release`, "let templates, files or secrets of application.yaml write it");
  }
}

function sourceOf(entry: unknown): string | undefined {
  if (typeof entry === "string") {
    // The first colon that belongs to no variable.
    const match = /^((?:\$\{[^}]*\}|[^:])+):/.exec(entry);
    return match?.[1];
  }
  const { type, source } = (entry ?? {}) as { type?: unknown; source?: unknown };
  return (type === "bind" || type === "volume") && typeof source === "string" ? source : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];
}
