import { basename, join, resolve, sep } from "node:path";
import { AppError, type Problem } from "../errors.ts";
import type { Files } from "../ports/Files.ts";
import type { Workspace } from "../Workspace.ts";
import { mostManifestBytes } from "./manifestSize.ts";
import { isProviderName } from "./providerName.ts";
import { openManifestCache, readManifest, type ManifestCache } from "./manifestCache.ts";
import type { Manifest } from "./Manifest.ts";
import { mostScriptBytes, planStyleScript } from "./shell/planStyle.ts";
import type { BrokenProvider, Discovery, Provider } from "./Provider.ts";

export type { Discovery } from "./Provider.ts";

/**
 * Finds every provider folder of the tree and of `providersPath` (LANDFALL_PROVIDERS_PATH: directories, separated by
 * colons, that hold provider folders or are one). Reads manifests and executes nothing. What cannot be used is listed
 * with its reason and never hides the rest. The tree comes first: of two folders of one name the second is broken.
 */
export async function discoverProviders(
  workspace: Workspace,
  providersPath: string | undefined,
  files: Files,
): Promise<Discovery> {
  const places = [
    { path: workspace.providers, origin: "tree" as const },
    ...directoriesIn(providersPath, workspace).map((path) => ({ path, origin: "path" as const })),
  ];
  const searched = places.map(({ path }) => path);
  const cache = await openManifestCache(workspace, searched, files);
  const found = (
    await Promise.all(places.map(async (place) => readAll(await foldersIn(place, files), cache, files)))
  ).flat();
  await cache.save();

  const providers = new Map<string, Provider>();
  const broken: BrokenProvider[] = [];
  for (const candidate of found) {
    const first = "reason" in candidate ? undefined : providers.get(candidate.name);
    if ("reason" in candidate) broken.push(candidate);
    else if (first === undefined) providers.set(candidate.name, candidate);
    else if (first.folder !== candidate.folder) broken.push(second(candidate, first));
  }
  return { providers: [...providers.values()].sort(byName), broken: broken.sort(byName), searched };
}

interface Candidate {
  /** As it was found, links unresolved. */
  path: string;
  origin: "tree" | "path";
  /** Real path that the folder may not leave. */
  within?: string;
}

function directoriesIn(providersPath: string | undefined, workspace: Workspace): string[] {
  const paths = (providersPath ?? "").split(":").filter((path) => path !== "");
  return [...new Set(paths.map((path) => resolve(workspace.root, path)))];
}

async function foldersIn(
  { path, origin }: { path: string; origin: "tree" | "path" },
  files: Files,
): Promise<(Candidate | BrokenProvider)[]> {
  const [names, within] = await Promise.all([
    files.list(path).catch(() => undefined),
    files.realPath(path).catch(() => undefined),
  ]);
  if (names === undefined || within === undefined) {
    const reason = "the directory cannot be read, or is absent";
    return origin === "tree" ? [] : [unusable(path, reason, path, "correct LANDFALL_PROVIDERS_PATH")];
  }
  if (origin === "path" && (names.includes("provider.yaml") || names.includes(planStyleScript)))
    return [{ path, origin }];
  const visible = names.filter((name) => !name.startsWith(".") && !name.startsWith("_"));
  return visible.map((name) => ({ path: join(path, name), origin, ...(origin === "tree" ? { within } : {}) }));
}

/** Fewer than the files that a process may have open. */
const atOnce = 250;

async function readAll(
  candidates: readonly (Candidate | BrokenProvider)[],
  cache: ManifestCache,
  files: Files,
): Promise<(Provider | BrokenProvider)[]> {
  const results: (Provider | BrokenProvider | undefined)[] = [];
  for (let start = 0; start < candidates.length; start += atOnce) {
    const batch = candidates.slice(start, start + atOnce);
    results.push(
      ...(await Promise.all(
        batch.map((candidate) => ("reason" in candidate ? candidate : readOne(candidate, cache, files))),
      )),
    );
  }
  return results.filter((result) => result !== undefined);
}

/** Reads one folder as discovery does, without keeping anything. */
export async function readProviderFolder(path: string, files: Files): Promise<Provider | BrokenProvider | undefined> {
  return readOne({ path, origin: "path" }, { manifest: readManifest(files), save: async () => undefined }, files);
}

/** Undefined for what is no folder, such as a README beside the providers. */
async function readOne(
  { path, origin, within }: Candidate,
  cache: ManifestCache,
  files: Files,
): Promise<Provider | BrokenProvider | undefined> {
  try {
    const kind = (await files.status(path))?.kind;
    // What was listed and has no status has a name that Node cannot write again.
    if (kind === undefined) return badName(path);
    if (kind !== "directory" && kind !== "link") return undefined;
    const linked = kind === "link" || within === undefined;
    const folder = linked ? await files.realPath(path) : join(within, basename(path));
    if (folder === undefined) return unusable(path, "a link to nowhere", path, "mend or remove the link");
    if (kind === "link" && (await files.status(folder))?.kind !== "directory") return undefined;
    if (within !== undefined && !folder.startsWith(within + sep)) return escaping(path, folder);
    if (!isProviderName(basename(path))) return badName(path);

    const manifestStatus = await files.status(join(folder, "provider.yaml"));
    const fileName = manifestStatus === undefined ? planStyleScript : "provider.yaml";
    const file = join(folder, fileName);
    const status = manifestStatus ?? (await files.status(file));
    if (status === undefined) {
      return unusable(path, "there is no provider.yaml", folder, "write one, or remove the folder");
    }
    const real = status.kind === "link" ? await files.realPath(file) : file;
    if (real === undefined) return unusable(path, `${fileName} is a link to nowhere`, file, "mend the link");
    if (within !== undefined && !real.startsWith(within + sep)) return escaping(path, real);
    if (!real.startsWith(folder + sep)) {
      return unusable(path, `${fileName} is a link that leaves its folder, to ${real}`, file, "copy the file");
    }
    const target = status.kind === "link" ? await files.status(real) : status;
    if (target?.kind !== "file") return unusable(path, `${fileName} is no plain file`, file, "put a plain file there");
    const most = fileName === planStyleScript ? mostScriptBytes : mostManifestBytes;
    if (target.size > most) {
      const size = `${fileName} has ${target.size} bytes; ${fileName === planStyleScript ? "it" : "a manifest"} has at most ${most}`;
      return unusable(path, size, file, "make it smaller");
    }
    const manifest =
      fileName === planStyleScript
        ? await planStyleManifest(folder, basename(path), files)
        : await cache.manifest(file, basename(path), status);
    return { name: manifest.name, folder, manifest, origin };
  } catch (error) {
    return unreadable(path, error);
  }
}

/** Loaded only where there is such a folder. */
async function planStyleManifest(folder: string, name: string, files: Files): Promise<Manifest> {
  const { readPlanStyle } = await import("./shell/readPlanStyle.ts");
  return readPlanStyle(folder, name, files);
}

function escaping(path: string, target: string): BrokenProvider {
  const hint = "copy the folder, or name its directory in LANDFALL_PROVIDERS_PATH";
  return unusable(path, `a link that leaves the providers directory, to ${target}`, path, hint);
}

function badName(path: string): BrokenProvider {
  const reason = "the folder's name is not lower-case letters, digits and hyphens, at most 31, beginning with a letter";
  return unusable(path, reason, path, "rename the folder, or begin its name with _ if it is no provider");
}

function second(provider: Provider, first: Provider): BrokenProvider {
  const reason = `the name is taken: ${first.folder} is provider ${provider.name} already`;
  return unusable(provider.folder, reason, join(provider.folder, "provider.yaml"), "rename one of them");
}

function unreadable(path: string, error: unknown): BrokenProvider {
  const file = join(path, "provider.yaml");
  if (!(error instanceof AppError)) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const reason = systemReasons[String(error.code)] ?? error.message;
    return unusable(path, `provider.yaml cannot be read: ${reason}`, file, "mend its links and permissions");
  }
  const [first] = error.problems;
  const more = error.problems.length > 1 ? ` (and ${error.problems.length - 1} more)` : "";
  return {
    name: basename(path),
    folder: path,
    reason: `${first?.message ?? error.message}${more}`,
    where: first?.where ?? file,
    problems: error.problems,
  };
}

const systemReasons: Record<string, string> = {
  ELOOP: "links that go round in a circle",
  EACCES: "permission denied",
};

function unusable(path: string, reason: string, where: string, hint: string): BrokenProvider {
  const problem: Problem = { message: reason, where, hint };
  return { name: basename(path), folder: path, reason, where, problems: [problem] };
}

function byName(a: { name: string; folder: string }, b: { name: string; folder: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.folder < b.folder ? -1 : 1;
}
