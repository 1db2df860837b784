import type { StaticRule } from "../Rule.ts";
import { matches, moduleTexts, withManifest } from "../textOf.ts";
import { withModule } from "./moduleRules.ts";

const level = "static";
const how = "the text of the module's files is searched, comments left out";

/** A rule that forbids what a pattern finds in the module's files. */
function forbidden(rule: Pick<StaticRule, "id" | "rule" | "why">, pattern: RegExp, hint: string): StaticRule {
  return {
    ...rule,
    how,
    level,
    mandatory: true,
    check: (subject) =>
      moduleTexts(subject).flatMap(({ file, code }) =>
        matches(subject, file, code, pattern, ([found]) => ({
          message: `there is ${found.replaceAll(/\s+/g, " ").trim()}`,
          hint,
        })),
      ),
  };
}

export const hclRules: StaticRule[] = [
  {
    id: "hcl.provisioners",
    rule: "there is no provisioner and no connection block; only where machines are on this computer, local-exec",
    why: "a module describes; it runs no programs on anybody's computer",
    how,
    level,
    mandatory: true,
    check: (subject) =>
      moduleTexts(subject).flatMap(({ file, code }) =>
        matches(subject, file, code, /\bprovisioner\s+"([^"]*)"|^\s*connection\s*\{/gm, ([found, kind]) =>
          kind === "local-exec" && subject.manifest.value?.capabilities.local === true
            ? undefined
            : { message: `there is ${found.trim()}`, hint: "do it in provider.ts, or in the user data" },
        ),
      ),
  },
  forbidden(
    {
      id: "hcl.external",
      rule: "there is no data source external",
      why: "it runs a program at every plan",
    },
    /\bdata\s+"external"/g,
    "compute it in provider.ts (prepare)",
  ),
  forbidden(
    {
      id: "hcl.emptyProvider",
      rule: "there is no empty provider block",
      why: "the engine warns of it at every plan",
    },
    /\bprovider\s+"[^"]*"\s*\{\s*\}/g,
    "remove it: without the block it is the same",
  ),
  forbidden(
    {
      id: "hcl.credentials",
      rule: "no provider block sets a token, key, password or secret",
      why: "the plugin reads secrets from its environment; here they would be in plan and state",
    },
    /^\s*(token|access_key|secret_key|password|secret|credentials|api_key|private_key)\s*=\s*"[^"]+"/gm,
    "declare a secret setting with environment",
  ),
  forbidden(
    {
      id: "hcl.files",
      rule: "files are read from the folder itself, by path.module",
      why: "the module works in any stack's directory, and reads nothing of the user's",
    },
    /\b(file|fileexists|filebase64|templatefile|fileset|filemd5|filesha\d+)\(\s*("(?!\$\{path\.module\}\/)[^"]*"|pathexpand|"\$\{path\.module\}\/[^"]*\.\.)/g,
    'write "${path.module}/NAME"',
  ),
  {
    id: "hcl.plugins",
    rule: "every plugin stands in required_providers, with its source",
    why: "otherwise the engine guesses a source",
    how: "resources of the module against required_providers",
    level,
    mandatory: true,
    check: (subject) =>
      withModule(subject, ({ resources = [] }) => {
        const declared = new Set(pluginBlocks(moduleTexts(subject)).map(({ name }) => name));
        const used = new Map(
          resources.map(({ address, provider_config_key: key, type }) => [
            (key ?? type.split("_")[0] ?? "").split(/[.:]/).at(0) ?? "",
            address,
          ]),
        );
        return [...used]
          .filter(([name]) => name !== "terraform" && name !== "" && !declared.has(name))
          .map(([name, address]) => ({
            message: `${address} needs the plugin ${name}, which is not in required_providers`,
            where: `${subject.folder}/main.tf`,
            hint: "name its source and versions there",
          }));
      }),
  },
  {
    id: "hcl.versions",
    rule: "every plugin has a version constraint with an upper bound",
    why: "a new major version must not arrive by itself",
    how: "required_providers is read",
    level,
    mandatory: true,
    check: (subject) =>
      pluginBlocks(moduleTexts(subject))
        .filter(({ version }) => !/(^|,)\s*(=|~>\s*v?\d+\.|<|\d)/.test(version ?? ""))
        .map(({ name, version, path }) => ({
          message: `the plugin ${name} has ${version === undefined ? "no version" : `the version "${version}"`}`,
          where: `${subject.folder}/${path}`,
          hint: 'write a range, such as version = ">= 1.2.0, < 2.0.0"',
        })),
  },
  {
    id: "plugin.declared",
    rule: "plugin.source is what required_providers says",
    why: "it is how the plugin is found and built",
    how: "the manifest against required_providers",
    level,
    mandatory: true,
    check: (subject) =>
      withManifest(subject, ({ plugin }) => {
        const sources = pluginBlocks(moduleTexts(subject)).map(({ source }) => source);
        const where = subject.manifest.where(["plugin", "source"]);
        if (plugin === undefined) {
          return sources.length === 0
            ? []
            : [{ message: "plugin is missing", where, hint: `write plugin: { source: ${sources[0] ?? ""} }` }];
        }
        if (sources.includes(plugin.source)) return [];
        const message = `plugin.source is ${plugin.source}, which required_providers does not name`;
        return [{ message, where, hint: `there is: ${sources.join(", ") || "none"}` }];
      }),
  },
  {
    id: "module.labels",
    rule: "the module uses var.labels",
    why: "by its labels a thing is found again, and nobody else's is touched",
    how,
    level,
    mandatory: false,
    check: (subject) =>
      withModule(subject, ({ resources = [] }) => {
        if (resources.every(({ type }) => type === "terraform_data"))
          return { untested: "there is no plugin: the module has nothing that could bear labels" };
        if (moduleTexts(subject).some(({ code }) => code.includes("var.labels"))) return [];
        return [
          {
            message: "var.labels is not used",
            where: `${subject.folder}/main.tf`,
            hint: "label everything that is made",
          },
        ];
      }),
  },
];

/** The entries of `required_providers`. */
export function pluginBlocks(
  texts: ReturnType<typeof moduleTexts>,
): { name: string; source?: string; version?: string; path: string }[] {
  return texts.flatMap(({ file, code }) =>
    [...code.matchAll(/\brequired_providers\s*\{((?:[^{}]|\{[^{}]*\})*)\}/g)].flatMap(([, body = ""]) =>
      [...body.matchAll(/([\w-]+)\s*=\s*\{([^{}]*)\}/g)].map(([, name = "", entry = ""]) => {
        const source = /\bsource\s*=\s*"([^"]*)"/.exec(entry)?.[1];
        const version = /\bversion\s*=\s*"([^"]*)"/.exec(entry)?.[1];
        return {
          name,
          path: file.path,
          ...(source === undefined ? {} : { source }),
          ...(version === undefined ? {} : { version }),
        };
      }),
    ),
  );
}
