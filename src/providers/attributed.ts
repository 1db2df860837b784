import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { AppError } from "../errors.ts";
import { refusedBySystem } from "../refusedBySystem.ts";
import { settled } from "../unsettled.ts";

/** A file of code in a provider's folder. */
export interface CodeFile {
  provider: string;
  path: string;
}

/**
 * A function of a provider's folder, as its file exports it under `name`. What it throws and is neither an error for the user
 * nor a refusal of the system is a mistake of that file, not of Landfall: AppError `provider.behaviour`. So is a promise
 * that nothing is left to settle.
 */
export function attributed<A extends readonly unknown[], R>(
  name: string,
  work: (...args: A) => R | Promise<R>,
  file: CodeFile,
): (...args: A) => Promise<R> {
  return async (...args) => {
    try {
      return await settled(() => work(...args), {
        stuck: () => neverEnds(name, file),
        claim: (error) => strayOf(error, file),
      });
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw refusedBySystem(error) ?? mistakeIn(name, error, file);
    }
  };
}

/** The error for one that code of this folder threw outside of every call; undefined where it is not from there. */
export function strayOf(error: unknown, file: CodeFile): AppError | undefined {
  if (error instanceof Error && placeOf(error, file.path) === file.path) return undefined;
  if (error instanceof AppError) return error;
  return mistakeIn("something that nobody awaits in the code", error, file);
}

function neverEnds(name: string, { provider, path }: CodeFile): AppError {
  const reason = "it waits for a promise that nothing is left to settle";
  const hint = `mend ${path}: settle every promise, also where something goes wrong`;
  return new AppError("provider.behaviour", `${name} of provider ${provider} never ends: ${reason}`, {
    hint,
    problems: [{ message: reason, where: path, hint }],
  });
}

function mistakeIn(name: string, error: unknown, { provider, path }: CodeFile): AppError {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new AppError("provider.behaviour", `${name} of provider ${provider} failed: ${reason}`, {
    hint: `mend ${path}`,
    problems: [{ message: reason, where: placeOf(error, path), hint: `mend ${path}` }],
    cause: error,
  });
}

/** The innermost line of the folder's own code, which may be in a file that `path` imports. */
function placeOf(error: unknown, path: string): string {
  const folder = dirname(path);
  const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  for (const line of lines) {
    for (const prefix of [`${pathToFileURL(folder).href}/`, `${folder}/`]) {
      const begin = line.indexOf(prefix);
      const place = begin < 0 ? null : /^([^:?]+)(?:\?[^:]*)?:(\d+)/.exec(line.slice(begin + prefix.length));
      if (place !== null) return `${folder}/${decodeURIComponent(place[1] ?? "")}:${place[2]}`;
    }
  }
  return path;
}
