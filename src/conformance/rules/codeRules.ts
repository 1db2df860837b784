import type { Finding, StaticRule } from "../Rule.ts";
import { codeTexts, fileAt, matches, sellsMachines, withManifest } from "../textOf.ts";

const level = "static";
const loaded = ["provider.ts", "rehearsal.ts"];

export const codeRules: StaticRule[] = [
  {
    id: "code.imports",
    rule: "code imports types of landfall/provider and landfall/rehearsal, and files of its own folder; nothing else",
    why: "it runs outside of this repository as well, and its effects come in through the context",
    how: "import statements are read; tests are left out",
    level,
    mandatory: true,
    check: (subject) =>
      codeTexts(subject).flatMap(({ file, code }) =>
        matches(
          subject,
          file,
          code,
          /^[ \t]*(?:import|export)\s+(type\s)?(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']|\b(?:import|require)\(\s*["'`]([^"'`]*)/gm,
          ([whole, type, source, dynamic]) => {
            const name = source ?? dynamic ?? "";
            if (whole.startsWith("export") && source === undefined) return undefined;
            if (dynamic === undefined && (name.startsWith("./") || isInside(name, file.path))) return undefined;
            if (type !== undefined && /^landfall\/(provider|rehearsal)$/.test(name)) return undefined;
            const hint = "import types only; use what the context brings, or a file of the folder";
            return { message: `${file.path} imports ${name}`, hint };
          },
        ),
      ),
  },
  {
    id: "code.effects",
    rule: "code reaches the computer by its context alone: no process, fetch, eval, globalThis",
    why: "so it is the same in tests and rehearsals, and nothing is done behind the user's back",
    how: "the text is searched; tests are left out",
    level,
    mandatory: true,
    check: (subject) =>
      codeTexts(subject).flatMap(({ file, code }) =>
        matches(
          subject,
          file,
          code,
          /(?<![\w.$"'`])(?:process\.(?:env|exit|cwd|argv|on|kill|binding)|fetch\(|eval\(|new Function\(|globalThis\b|new WebSocket\()/g,
          ([found]) => ({ message: `${file.path} uses ${found}`, hint: "use the context: host, secret, endpoint" }),
        ),
      ),
  },
  {
    id: "code.export",
    rule: "provider.ts and rehearsal.ts have a default export",
    why: "that is what is loaded",
    how: "the text is searched",
    level,
    mandatory: true,
    check: (subject) =>
      loaded.flatMap((path): Finding[] => {
        const text = fileAt(subject, path)?.text;
        if (text === undefined || /^export default /m.test(text) || /\bas default\b/.test(text)) return [];
        return [
          {
            message: `${path} has no default export`,
            where: `${subject.folder}/${path}`,
            hint: "export default an object of functions",
          },
        ];
      }),
  },
  {
    id: "code.language",
    rule: "code is TypeScript whose types can simply be left out: no enum, namespace or parameter property",
    why: "Node runs it as it is",
    how: "the text is searched",
    level,
    mandatory: true,
    check: (subject) =>
      codeTexts(subject).flatMap(({ file, code }) =>
        matches(
          subject,
          file,
          code,
          /^[ \t]*(?:export\s+)?(?:const\s+)?(?:enum|namespace)\s+\w+|\bconstructor\(\s*(?:public|private|protected|readonly)\s/gm,
          ([found]) => ({ message: `${file.path} has ${found.trim()}`, hint: "write an object, a module or a field" }),
        ),
      ),
  },
  {
    id: "code.findOrphans",
    rule: "a provider that sells machines (it makes them elsewhere, and has a catalog, an endpoint or a secret that is required) has findOrphans",
    why: "what a lost answer left would be paid for, and made twice",
    how: "provider.ts is searched for the word",
    level,
    mandatory: true,
    check: (subject) =>
      withManifest(subject, (manifest) => {
        if (manifest.capabilities.local === true) return { untested: "machines are on this computer" };
        if (!sellsMachines(manifest)) return { untested: "nothing is sold" };
        if (/\bfindOrphans\b/.test(fileAt(subject, "provider.ts")?.text ?? "")) return [];
        const where = `${subject.folder}/provider.ts`;
        return [
          { message: "there is no findOrphans", where, hint: "search by label, and give the module's addresses" },
        ];
      }),
  },
  {
    id: "code.inspectMachine",
    rule: "provider.ts has inspectMachine",
    why: "status then tells what is, not what was",
    how: "provider.ts is searched for the word",
    level,
    mandatory: false,
    check: (subject) =>
      withManifest(subject, (manifest) => {
        if (!sellsMachines(manifest) && manifest.capabilities.local !== true) return { untested: "nothing is made" };
        if (/\binspectMachine\b/.test(fileAt(subject, "provider.ts")?.text ?? "")) return [];
        const where = `${subject.folder}/provider.ts`;
        return [{ message: "there is no inspectMachine", where, hint: "ask the provider's API by label" }];
      }),
  },
  {
    id: "code.actions",
    rule: "every action of the manifest is in provider.ts",
    why: "provider info offers it, and provider run looks for it there",
    how: "provider.ts is searched for the names; level plan compares them with what it exports",
    level,
    mandatory: true,
    check: (subject) =>
      withManifest(subject, ({ actions }) => {
        const names = Object.keys(actions);
        if (names.length === 0) return { untested: "no actions" };
        const words = new Set(fileAt(subject, "provider.ts")?.text?.match(/[\w-]+/g));
        return names
          .filter((name) => !words.has(name))
          .map((name) => ({
            message: `there is no action ${name} in provider.ts`,
            where: subject.manifest.where(["actions", name]),
            hint: `write actions: { ${name} } in its default export, or remove it here`,
          }));
      }),
  },
  {
    id: "rehearsal.endpoint",
    rule: "rehearsal.ts and endpoint go together",
    why: "without endpoint the plugin would talk to the real API",
    how: "the manifest against the names of files",
    level,
    mandatory: true,
    check: (subject) =>
      withManifest(subject, ({ endpoint }) => {
        const there = fileAt(subject, "rehearsal.ts") !== undefined;
        if (there === (endpoint !== undefined)) return [];
        return [
          {
            message: there ? "there is a rehearsal.ts, but no endpoint" : "there is an endpoint, but no rehearsal.ts",
            where: subject.manifest.where(["endpoint"]),
            hint: "write both, or neither",
          },
        ];
      }),
  },
  {
    id: "rehearsal.present",
    rule: "a provider that sells machines can be rehearsed",
    why: "only what was rehearsed is known to work",
    how: "names of files",
    level,
    mandatory: false,
    check: (subject) =>
      withManifest(subject, (manifest) => {
        if (!sellsMachines(manifest)) return { untested: "nothing is sold" };
        if (fileAt(subject, "rehearsal.ts") !== undefined) return [];
        return [
          {
            message: "there is no rehearsal.ts",
            where: subject.folder,
            hint: "docs/rehearsal.md tells how to write one",
          },
        ];
      }),
  },
];

/** Whether a relative import of a file stays in the folder. */
function isInside(source: string, path: string): boolean {
  const ups = /^(\.\.\/)+/.exec(source)?.[0].length ?? 0;
  return ups > 0 && ups / 3 < path.split("/").length;
}
