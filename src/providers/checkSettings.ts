import type { z } from "zod";
import type { Problem } from "../errors.ts";
import { matchesInTime } from "../matchesInTime.ts";
import type { settingSchema } from "./manifestSchema.ts";
import { settingVariable } from "./settingVariable.ts";
import type { YamlFile } from "../documents/readYaml.ts";

type Matcher = ReturnType<typeof matchesInTime>;
type ParsedSetting = z.infer<typeof settingSchema>;

/** Variables that steer processes or the engine itself: a setting must not reach those. */
const steering = /^(PATH|HOME|SHELL|IFS|BASH_ENV|ENV|LD_.*|DYLD_.*|NODE_.*|TF_.*|TOFU_.*)$/;

/** What `catalog` names has to be a setting that the module sees. */
export function checkCatalogKeys(
  { catalog, settings }: { catalog?: Record<string, string> | undefined; settings: Record<string, ParsedSetting> },
  yaml: YamlFile,
): Problem[] {
  return Object.entries(catalog ?? {})
    .filter(([, key]) => settings[key] === undefined || settings[key].secret)
    .map(([role, key]) => ({
      message: `catalog.${role} is "${key}", which is no setting that the module sees`,
      where: yaml.where(["catalog", role]),
      key: `catalog.${role}`,
      hint: `declare settings.${key}, or name one of ${Object.keys(settings).join(", ")}`,
    }));
}

/** Rules that concern more than one key of the settings. */
export function checkSettings(provider: string, settings: Record<string, ParsedSetting>, yaml: YamlFile): Problem[] {
  const problems: Problem[] = [];
  const add = (path: readonly PropertyKey[], message: string, hint: string): void =>
    void problems.push({ message, where: yaml.where(path), key: path.map(String).join("."), hint });
  const matcher = matchesInTime(patternsMs);
  const owners = new Map(Object.keys(settings).map((key) => [settingVariable(provider, key), `settings.${key}`]));

  for (const [key, setting] of Object.entries(settings)) {
    const path = ["settings", key];
    const name = `settings.${key}`;
    if (setting.secret && setting.environment === undefined) {
      add(path, `${name} is secret but has no environment`, "secrets reach the plugin only as an environment variable");
    }
    if (setting.secret && setting.default !== undefined) {
      add([...path, "default"], `${name} is secret but has a default`, "this file is public: leave the default out");
    }
    if (setting.secret && setting.computed) {
      add([...path, "computed"], `${name} is secret and computed`, "computed values become variables: choose one");
    }
    if (setting.computed && setting.required) {
      add([...path, "required"], `${name} is computed and required`, "users cannot set what is computed: choose one");
    }
    if (setting.environment !== undefined && steering.test(setting.environment)) {
      add(
        [...path, "environment"],
        `${name}.environment is ${setting.environment}, which steers programs`,
        "use a variable of the plugin's own",
      );
    }
    for (const [index, alias] of setting.aliases.entries()) {
      const owner = owners.get(alias);
      if (owner !== undefined) {
        add([...path, "aliases", index], `${alias} means ${owner} already`, "a variable feeds one setting");
      }
      owners.set(alias, name);
    }
    problems.push(...patternProblems(key, setting, yaml, matcher));
  }
  return problems;
}

/** Of processor time, for all patterns of a manifest together. */
const patternsMs = 150;

function patternProblems(key: string, setting: ParsedSetting, yaml: YamlFile, matcher: Matcher): Problem[] {
  const { pattern } = setting;
  if (pattern === undefined) return [];
  const path = ["settings", key];
  const samples: [string, (string | number)[]][] = setting.examples.map((text, index) => [text, ["examples", index]]);
  if (setting.default !== undefined && setting.default !== "") samples.unshift([setting.default, ["default"]]);
  if (/(^|[^\\])(\\\\)*\\[pP]\{/.test(pattern)) {
    return [
      {
        message: `settings.${key}.pattern has \\p{...}, which means nothing here: patterns have no flags`,
        where: yaml.where([...path, "pattern"]),
        key: `settings.${key}.pattern`,
        hint: "name the characters, such as [A-Za-z]",
      },
    ];
  }
  const problems: Problem[] = [];
  try {
    if (samples.length === 0) matcher(pattern, "");
    for (const [text, below] of samples) {
      const matches = matcher(pattern, text);
      if (matches === true) continue;
      if (matches === undefined) {
        return [
          {
            message: `settings.${key}.pattern takes too long to compare with its own samples`,
            where: yaml.where([...path, "pattern"]),
            key: `settings.${key}.pattern`,
            hint: "take out repetitions of what is repeated itself, such as (a+)+",
          },
        ];
      }
      problems.push({
        message: `settings.${key}: "${text}" does not match the setting's own pattern`,
        where: yaml.where([...path, ...below]),
        key: `settings.${key}.${below[0]}`,
        hint: `the whole value has to match ${pattern}`,
      });
    }
    return problems;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      {
        message: `settings.${key}.pattern is not a regular expression: ${reason}`,
        where: yaml.where([...path, "pattern"]),
        key: `settings.${key}.pattern`,
        hint: "in YAML write it in single quotes, so that backslashes stay as they are",
      },
    ];
  }
}
