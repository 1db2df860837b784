import type { StaticRule } from "../Rule.ts";
import type { Subject } from "../Subject.ts";
import { fileAt, makesMachines } from "../textOf.ts";
import { secretsIn } from "../secretsIn.ts";

const level = "static";
const mebibyte = 1024 * 1024;
const mostFiles = 300;
const mostBytes = 5 * mebibyte;
const aboutLock = /^!?\/?(\*\*\/)?(\.terraform\.lock\.hcl|\.terraform\*|\*\.lock\.hcl|\*\.hcl|\*)$/;

export const fileRules: StaticRule[] = [
  {
    id: "readme.present",
    rule: "README.md is there and begins with the provider's name as its heading",
    why: "it is what people read first",
    how: "the file is read",
    level,
    mandatory: true,
    check(subject) {
      const text = fileAt(subject, "README.md")?.text;
      if (text !== undefined && /^# \S/.test(text)) return [];
      const message = text === undefined ? "there is no README.md" : "README.md does not begin with a heading";
      return [{ message, where: `${subject.folder}/README.md`, hint: "begin with # and the provider's name" }];
    },
  },
  section(
    "readme.account",
    "how to get an account and credentials, or what else is needed",
    /account|credential|token|needs/i,
    "## Account and credentials",
  ),
  section("readme.costs", "what it costs", /cost|price/i, "## What it costs", (subject) =>
    subject.manifest.value?.capabilities.local === true ? "machines on this computer cost nothing" : undefined,
  ),
  section("readme.limits", "limits", /limit/i, "## Limits"),
  {
    ...section(
      "readme.rehearsal",
      "rehearsal: what the simulation supports",
      /rehears|simulat/i,
      "## Rehearsal",
      (subject) => (fileAt(subject, "rehearsal.ts") === undefined ? "there is no rehearsal.ts" : undefined),
    ),
    mandatory: false,
  },
  {
    id: "files.size",
    rule: "at most 300 files, 1 MiB each, 5 MiB in all",
    why: "the folder is copied with every stack that was applied",
    how: "sizes are added up",
    level,
    mandatory: true,
    check({ folder, files }) {
      const large = files.filter(({ size }) => size > mebibyte);
      const total = files.reduce((sum, { size }) => sum + size, 0);
      return [
        ...large.map(({ path, size }) => ({
          message: `${path} has ${size} bytes`,
          where: `${folder}/${path}`,
          hint: "keep files below 1 MiB; large ones are downloaded by provider.ts",
        })),
        ...(files.length > mostFiles || (total > mostBytes && large.length === 0)
          ? [
              {
                message: `the folder has ${files.length} files and ${total} bytes`,
                where: folder,
                hint: "remove what is not needed",
              },
            ]
          : []),
      ];
    },
  },
  {
    id: "files.links",
    rule: "no link leads out of the folder, nor to nowhere",
    why: "a folder is copied, and checked, as a whole",
    how: "links are followed",
    level,
    mandatory: true,
    check: ({ folder, files }) =>
      files
        .filter(({ kind, inside }) => kind === "other" || (kind === "link" && inside !== true))
        .map(({ path, kind }) => ({
          message:
            kind === "other" ? `${path} is neither file nor folder` : `${path} is a link that leads out of the folder`,
          where: `${folder}/${path}`,
          hint: "put the file itself there",
        })),
  },
  {
    id: "files.modes",
    rule: "only scripts are executable: what begins with #!",
    why: "data that can be run is a trap",
    how: "permissions and first bytes are read",
    level,
    mandatory: true,
    check: ({ folder, files }) =>
      files
        .filter(({ kind, mode, text }) => kind === "file" && (mode & 0o111) !== 0 && text?.startsWith("#!") !== true)
        .map(({ path }) => ({ message: `${path} is executable`, where: `${folder}/${path}`, hint: "chmod -x" })),
  },
  {
    id: "files.leftovers",
    rule: "there is no state, plan, .terraform, .env, tfvars or node_modules",
    why: "these are one user's own, and may hold secrets",
    how: "names of files",
    level,
    mandatory: true,
    check: ({ folder, files }) =>
      files
        .filter(({ path }) =>
          /(^|\/)(\.terraform|node_modules)$|\.tfstate(\.|$)|\.tfplan$|\.tfvars(\.json)?$|(^|\/|\w)\.env$/.test(path),
        )
        .map(({ path }) => ({
          message: `${path} does not belong to a provider`,
          where: `${folder}/${path}`,
          hint: "remove it",
        })),
  },
  {
    id: "files.secrets",
    rule: "no file holds a secret: known forms of tokens, private keys, long random text",
    why: "the folder is public",
    how: "every text is searched; checksums of go.sum and of the lock file are left out",
    level,
    mandatory: true,
    check: (subject) =>
      subject.files
        .filter(({ path }) => !/(^|\/)(go\.(sum|mod)|\.terraform\.lock\.hcl)$/.test(path))
        .flatMap(({ path, text = "" }) =>
          secretsIn(text).map(({ what, line }) => ({
            message: `${path} holds what looks like ${what}`,
            where: `${subject.folder}/${path}:${line}`,
            hint: "remove it, and make it worthless where it was issued",
          })),
        ),
  },
  {
    id: "lock.kept",
    rule: ".terraform.lock.hcl is not ignored",
    why: "it makes sure that everybody runs the same plugin",
    how: "the folder's .gitignore is read",
    level,
    mandatory: true,
    check(subject) {
      const text = fileAt(subject, ".gitignore")?.text ?? "";
      const lines = text.split("\n").map((line) => line.trim());
      // The last one that is about it decides.
      const index = lines.findLastIndex((line) => aboutLock.test(line));
      const line = lines[index];
      if (line === undefined || line.startsWith("!")) return [];
      return [
        {
          message: `${line} hides .terraform.lock.hcl from git`,
          where: `${subject.folder}/.gitignore:${index + 1}`,
          hint: "remove the line, or add !.terraform.lock.hcl behind it",
        },
      ];
    },
  },
  {
    id: "lock.complete",
    rule: "where there is a .terraform.lock.hcl, it names the plugin with a version and checksums",
    why: "half a lock file locks nothing",
    how: "the file is read",
    level,
    mandatory: true,
    check(subject) {
      const text = fileAt(subject, ".terraform.lock.hcl")?.text;
      if (text === undefined) return { untested: "there is no .terraform.lock.hcl" };
      const source = subject.manifest.value?.plugin?.source;
      const block = new RegExp(`provider "[^"]*${source ?? ""}" \\{[^}]*\\}`).exec(text)?.[0] ?? "";
      if (/version\s*=\s*"\d/.test(block) && /hashes\s*=\s*\[\s*"(h1|zh):/.test(block)) return [];
      const where = `${subject.folder}/.terraform.lock.hcl`;
      return [
        { message: `${source ?? "the plugin"} is not locked`, where, hint: `landfall provider lock ${subject.name}` },
      ];
    },
  },
  {
    id: "lock.present",
    rule: "there is a .terraform.lock.hcl",
    why: "without it everybody's first init decides for itself",
    how: "names of files",
    level,
    mandatory: false,
    check(subject) {
      if (subject.manifest.value?.plugin === undefined) return { untested: "no plugin" };
      if (fileAt(subject, ".terraform.lock.hcl") !== undefined || !makesMachines(subject)) return [];
      const hint = `where the plugin registry can be reached: landfall provider lock ${subject.name}`;
      return [{ message: "there is no .terraform.lock.hcl", where: subject.folder, hint }];
    },
  },
];

/** A rule that asks for a heading of README.md. */
function section(
  id: string,
  title: string,
  pattern: RegExp,
  heading: string,
  untested: (subject: Subject) => string | undefined = () => undefined,
): StaticRule {
  return {
    id,
    rule: `README.md has a section about ${title}`,
    why: "everybody asks for it, and looks for it there",
    how: `a heading that matches ${String(pattern)}`,
    level,
    mandatory: true,
    check(subject) {
      const reason = untested(subject);
      const text = fileAt(subject, "README.md")?.text;
      if (reason !== undefined) return { untested: reason };
      if (text === undefined) return { untested: "there is no README.md" };
      const headings = text.split("\n").filter((line) => /^##+ /.test(line));
      if (headings.some((line) => pattern.test(line))) return [];
      const where = `${subject.folder}/README.md`;
      return [{ message: `README.md has no section about ${title}`, where, hint: `add ${heading}` }];
    },
  };
}
