import { posix } from "node:path";
import { accepts } from "../accepts.ts";
import { blocksOf, type Block } from "../blocksOf.ts";
import type { Finding, StaticRule } from "../Rule.ts";
import type { Subject, SubjectFile } from "../Subject.ts";
import { matches, moduleTexts } from "../textOf.ts";

const level = "static";
const how = "blocks of the module's files, comments left out";

/** Rules about what blocks of the module say themselves. */
export const blockRules: StaticRule[] = [
  {
    id: "hcl.language",
    rule: "the module is HCL: no file is called *.tf.json or *.tofu.json",
    why: "its rules are read in HCL; what stands in JSON would go unseen",
    how: "names of files",
    level,
    mandatory: true,
    check: ({ folder, files }) =>
      files
        .filter(({ path }) => /\.(tf|tofu)\.json$/.test(path))
        .map(({ path }) => ({
          message: `${path} is a module's file in JSON`,
          where: `${folder}/${path}`,
          hint: "write the same as HCL, into a file that ends in .tf",
        })),
  },
  {
    id: "hcl.backend",
    rule: "there is no backend, cloud or encryption block",
    why: "where the state is kept is the stack's own matter",
    how,
    level,
    mandatory: true,
    check: (subject) =>
      inBlocks(
        subject,
        "terraform",
        /(?<![\w.-])(backend|cloud|encryption)(\s+("[^"\n]*"|[\w-]+))*\s*\{/g,
        ([found]) => ({
          message: `there is ${found.replaceAll(/\s+/g, " ")}`,
          hint: "remove it; users set STATE_BACKEND",
        }),
      ),
  },
  {
    id: "hcl.modules",
    rule: "modules come from the folder itself",
    why: "a folder is all that is needed, and all that was checked",
    how: "source of every module block, from where its file is",
    level,
    mandatory: true,
    check: (subject) =>
      inBlocks(subject, "module", /(?<![\w.-])source\s*=\s*(?!=)(.*)/g, ([found, source = ""], { path }) =>
        isOfFolder(source, path)
          ? undefined
          : { message: `there is ${found.trim()}`, hint: "copy the module into the folder, and name it by ./" },
      ),
  },
  {
    id: "hcl.engine",
    rule: "required_version, where there is one, accepts every engine that Landfall works with",
    why: "the engine refuses the module otherwise, and people have different ones",
    how: "terraform blocks of the module's files against the oldest engine and the one that is installed",
    level,
    mandatory: true,
    check: (subject) =>
      inBlocks(subject, "terraform", /(?<![\w.-])required_version\s*=\s*"([^"]*)"/g, ([, constraint = ""]) => {
        const refused = subject.engines.filter((version) => !accepts(constraint, version));
        if (refused.length === 0) return undefined;
        const message = `required_version is "${constraint}", which refuses the engine ${refused.join(" and ")}`;
        return { message, hint: `leave it out, or write ">= ${subject.engines[0] ?? ""}"` };
      }),
  },
];

/** A finding at each place where a pattern matches in blocks of one type, what is deeper in them left out. */
function inBlocks(
  subject: Subject,
  type: string,
  pattern: RegExp,
  finding: (match: RegExpExecArray, file: SubjectFile) => { message: string; hint: string } | undefined,
): Finding[] {
  return moduleTexts(subject).flatMap(({ file, code }) =>
    blocksOf(code, type).flatMap((block) =>
      matches(subject, file, inPlace(code, block), pattern, (match) => finding(match, file)),
    ),
  );
}

/** What a block says itself, on its own lines: nothing else. */
function inPlace(code: string, { own, ownIndex }: Block): string {
  return code.slice(0, ownIndex).replaceAll(/[^\n]/g, " ") + own;
}

/** Whether what stands behind `source =` is a path that stays in the folder. */
function isOfFolder(source: string, path: string): boolean {
  const [, local] = /^"(\.{1,2}\/[^"$%\\]*)"/.exec(source) ?? [];
  if (local === undefined) return false;
  const target = posix.join(posix.dirname(path), local);
  return target !== ".." && !target.startsWith("../");
}
