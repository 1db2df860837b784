import type { Finding, Untested } from "./Rule.ts";
import type { Subject, SubjectFile } from "./Subject.ts";
import type { Manifest } from "../providers/Manifest.ts";

/** A finding at each place of a file where a pattern matches; `code` has the same lines as the file. */
export function matches(
  { folder }: Subject,
  { path }: SubjectFile,
  code: string,
  pattern: RegExp,
  finding: (match: RegExpExecArray) => { message: string; hint: string } | undefined,
): Finding[] {
  return [...code.matchAll(pattern)].flatMap((match) => {
    const found = finding(match);
    if (found === undefined) return [];
    const line = code.slice(0, match.index).split("\n").length;
    return [{ ...found, where: `${folder}/${path}:${line}` }];
  });
}

/** Text of HCL with comments blanked out, so that lines stay where they are. */
function withoutComments(text: string): string {
  const pattern = /"(?:\\.|[^"\\\n])*"|#.*|\/\/.*|\/\*[\s\S]*?\*\//g;
  return text.replaceAll(pattern, (part) => (part.startsWith('"') ? part : part.replaceAll(/[^\n]/g, " ")));
}

/** The module's own files, comments blanked out. */
export function moduleTexts({ files }: Subject): { file: SubjectFile; code: string }[] {
  return files
    .filter(({ path }) => /\.(tf|tofu)$/.test(path))
    .flatMap((file) => (file.text === undefined ? [] : [{ file, code: withoutComments(file.text) }]));
}

/** Code that is loaded: everything but tests. */
export function codeTexts({ files }: Subject): { file: SubjectFile; code: string }[] {
  return files
    .filter(({ path }) => /\.[cm]?[jt]s$/.test(path) && !/\.test\.[cm]?[jt]s$/.test(path))
    .flatMap((file) => (file.text === undefined ? [] : [{ file, code: blankTs(file.text) }]));
}

function blankTs(text: string): string {
  const pattern = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|(?<![:\\/])\/\/.*/g;
  return text.replaceAll(pattern, (part) => (part.startsWith("/") ? part.replaceAll(/[^\n]/g, " ") : part));
}

export function fileAt({ files }: Subject, path: string): SubjectFile | undefined {
  return files.find((file) => file.path === path);
}

/** Runs a check that needs a manifest that can be read. */
export function withManifest(
  subject: Subject,
  check: (manifest: Manifest) => readonly Finding[] | Untested,
): readonly Finding[] | Untested {
  const { value } = subject.manifest;
  return value === undefined ? { untested: "provider.yaml has to be mended first" } : check(value);
}

/** Some providers make nothing: their manifest says so (`create`), or their module has nothing but the engine's own. */
export function makesMachines(subject: Subject): boolean {
  const create = (subject.manifest.value?.capabilities as Record<string, unknown> | undefined)?.["create"];
  return create === undefined || create === true;
}

/** Whether machines are made elsewhere, at somebody who wants to be paid for them as far as the manifest tells. */
export function sellsMachines({ capabilities, catalog, endpoint, settings }: Manifest): boolean {
  if (capabilities.local === true || capabilities.create !== true) return false;
  const asksForSecret = Object.values(settings).some(({ secret, required }) => secret && required);
  return catalog !== undefined || endpoint !== undefined || asksForSecret;
}
