import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import { pathProblem } from "../folderProblems.ts";
import type { GitSource, NpmSource, Source } from "./Source.ts";

/** Reads what stands on the command line. Throws AppError `provider.source`. */
export function parseSource(text: string): Source {
  if (text.startsWith("npm:")) return npmSource(text);
  const scheme = /^(?:git\+)?([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
  if (scheme !== undefined) return gitSource(text, scheme.toLowerCase());
  if (text === "" || text.includes("\0")) throw refused(text, "it is empty, or has a NUL in it", examples);
  if (/^[\w.-]+@[\w.-]+:/.test(text)) {
    throw refused(text, "this short form of an address is not taken", "write git+ssh://USER@HOST/PATH#COMMIT");
  }
  return { kind: "path", path: text };
}

const examples = "a folder, git+https://HOST/PATH#COMMIT[:SUBFOLDER], or npm:NAME@VERSION[/SUBFOLDER]";
const npmPattern = /^npm:((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(?:@([^/]*))?(?:\/(.*))?$/;
const exactVersion = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

function npmSource(text: string): NpmSource {
  const [, name, version, below] = npmPattern.exec(text) ?? [];
  if (name === undefined) throw refused(text, "it is no name of a package", "write npm:NAME@VERSION[/SUBFOLDER]");
  if (version === undefined || !exactVersion.test(version)) {
    const found = version === undefined || version === "" ? "it names no version" : `${version} is no exact version`;
    const hint = `npm view ${name} version says which is the newest; then npm:${name}@VERSION`;
    throw refused(text, `${found}: what stands there changes without notice`, hint);
  }
  return { kind: "npm", name, version, ...subfolder(text, below) };
}

/** `http` and `git` are not protected on their way; others would start programs. */
const gitSchemes = ["https", "ssh", "file"];

function gitSource(text: string, scheme: string): GitSource {
  if (!gitSchemes.includes(scheme)) throw refused(text, `${scheme}:// is not taken`, `use ${gitSchemes.join(", ")}`);
  const [address = "", fragment = ""] = split(text.replace(/^git\+/i, ""), "#");
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw refused(text, "it is no address", examples);
  }
  if (url.password !== "" || (scheme === "https" && url.username !== "")) {
    const hint = "leave them out: git asks its credential helper, and the address is recorded where others read it";
    throw refused(`${scheme}://…`, "it has credentials in it", hint);
  }
  // eslint-disable-next-line no-control-regex -- git would get them as they are
  if (/[\u0000-\u0020\u007f]/.test(address)) throw refused(text, "it has blanks or control characters in it", examples);
  const [reference = "", below] = split(fragment, ":");
  if (reference !== "" && !/^[A-Za-z0-9][\w./+-]*$/.test(reference)) {
    throw refused(text, `${JSON.stringify(reference)} is no commit`, "write #COMMIT, 40 digits, behind the address");
  }
  const commit = reference === "" ? "HEAD" : /^[0-9a-f]{40}$/i.test(reference) ? reference.toLowerCase() : reference;
  return { kind: "git", url: address, reference: commit, ...subfolder(text, below) };
}

function split(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function subfolder(text: string, below: string | undefined): { subfolder?: string } {
  const path = below?.replace(/\/+$/, "");
  if (path === undefined || path === "") return {};
  const problem = pathProblem(path);
  if (problem !== undefined) throw refused(text, `the subfolder is ${problem}`, "name a folder inside of the source");
  return { subfolder: path };
}

function refused(text: string, why: string, hint: string): AppError {
  return new AppError("provider.source", `${JSON.stringify(text)} is no source of a provider: ${why}`, {
    hint,
    exit: exitCodes.usage,
  });
}
