import { join, relative } from "node:path";
import { readYaml } from "../documents/readYaml.ts";
import type { Problem } from "../errors.ts";
import type { Files } from "../ports/Files.ts";
import type { Application } from "./Application.ts";
import type { ApplicationFolder, ComposeFile, SourceFile } from "./ApplicationFolder.ts";
import { parseApplication } from "./parseApplication.ts";

const manifestFile = "application.yaml";
export const composeFile = "compose.yaml";

/** A release travels as one message; what is larger belongs into an image, or into the data. */
const mostBytes = 64 * 1024 * 1024;
const composeLimits = { kind: "a compose.yaml", bytes: 512 * 1024, merge: true, aliases: 500 };

/** Reads a folder; `problems` is what keeps it from being one, and `folder` is absent then. Executes nothing. */
export async function readApplicationFolder(
  directory: string,
  root: string,
  files: Files,
): Promise<{ folder?: ApplicationFolder; problems: readonly Problem[] }> {
  const name = relative(root, directory) || ".";
  const [manifestText, composeText] = await Promise.all(
    [manifestFile, composeFile].map((file) => files.read(join(directory, file))),
  );
  const problems: Problem[] = [];
  if (manifestText === undefined) problems.push(missing(join(name, manifestFile)));
  if (composeText === undefined) problems.push(missing(join(name, composeFile)));
  const parsed = manifestText === undefined ? undefined : parseApplication(manifestText, join(name, manifestFile));
  const compose = composeText === undefined ? undefined : parseCompose(composeText, join(name, composeFile));
  problems.push(...(parsed?.problems ?? []), ...(compose?.problems ?? []));
  const { application, where } = parsed ?? {};
  const read = application === undefined ? undefined : await readSources(directory, name, application, files);
  problems.push(...(read?.problems ?? []));
  if (application === undefined || where === undefined || compose?.file === undefined || read === undefined)
    return { problems };
  if (read.problems.length > 0) return { problems };
  return { folder: { folder: name, application, where, compose: compose.file, sources: read.sources }, problems };
}

function parseCompose(text: string, file: string): { file?: ComposeFile; problems: readonly Problem[] } {
  const { data, problems, where } = readYaml(text, file, composeLimits);
  if (problems.length > 0) return { problems };
  if (typeof data !== "object" || data === null || Array.isArray(data))
    return { problems: [{ message: "it is no map with the key services", where: file }] };
  return { file: { text, data: data as Record<string, unknown>, where }, problems };
}

async function readSources(
  directory: string,
  name: string,
  application: Application,
  files: Files,
): Promise<{ sources: Map<string, SourceFile>; problems: Problem[] }> {
  const sources = new Map<string, SourceFile>();
  const problems: Problem[] = [];
  let bytes = 0;
  const read = async (path: string): Promise<void> => {
    const status = await files.status(join(directory, path));
    if (status?.kind === "directory") {
      for (const entry of (await files.list(join(directory, path))) ?? []) await read(join(path, entry));
    } else if (status?.kind === "file") {
      bytes += status.size;
      if (bytes > mostBytes || sources.has(path)) return;
      const content = (await files.readBytes(join(directory, path))) ?? new Uint8Array();
      sources.set(path, { content, executable: (status.mode & 0o100) !== 0 });
    } else if (status === undefined) problems.push(missing(join(name, path)));
    else problems.push({ message: `it is a ${status.kind}`, where: join(name, path), hint: "put a plain file there" });
  };
  const paths = [...application.templates, ...application.files].map(({ source }) => source);
  for (const path of new Set(paths)) await read(path);
  if (bytes > mostBytes) {
    const message = `the files have ${Math.round(bytes / 1024 / 1024)} MiB; a release has at most ${mostBytes / 1024 / 1024}`;
    problems.push({ message, where: name, hint: "put large things into an image" });
  }
  return { sources, problems };
}

function missing(where: string): Problem {
  return { message: "there is no such file", where, hint: "write it, or correct its name" };
}
