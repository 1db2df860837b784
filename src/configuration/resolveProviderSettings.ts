import type { Problem } from "../errors.ts";
import { matchesInTime } from "../matchesInTime.ts";
import type { Manifest, Setting } from "../providers/Manifest.ts";
import type { ExpandedValue, Expansion } from "./expandValues.ts";
import { keptByEngine } from "./keptByEngine.ts";
import { originText } from "./Layers.ts";
import { quoted } from "./Parsed.ts";
import { placeholderIn } from "./placeholders.ts";
import { providerVariable } from "./providerVariable.ts";
import { Secret } from "./Secret.ts";
import { suggest } from "./suggest.ts";

export interface ProviderValues {
  /** As `StackConfiguration.settings`. */
  settings: Record<string, string>;
  /** As `StackConfiguration.pluginEnvironment`. */
  pluginEnvironment: Record<string, string | Secret>;
  /** As `StackConfiguration.secrets`. */
  secrets: Record<string, Secret>;
  /** As `StackConfiguration.unfetched`. */
  unfetched: string[];
  problems: readonly Problem[];
}

/** The file to write it into, and how. */
export type MissingSetting = Required<Pick<Problem, "where" | "hint">>;

/**
 * Checks a provider's settings against its manifest. An empty value counts as none: the default applies.
 * @param missing where a user sets what is missing; undefined where nothing is required
 */
export function resolveProviderSettings(
  { name: provider, settings: declared }: Pick<Manifest, "name" | "settings">,
  { values, failed }: Expansion,
  missing: MissingSetting | undefined,
): ProviderValues {
  const result: Omit<ProviderValues, "problems"> = { settings: {}, pluginEnvironment: {}, secrets: {}, unfetched: [] };
  const problems = [...unknownSettings(provider, declared, values)];
  for (const [key, setting] of Object.entries(declared)) {
    const variable = providerVariable(provider, key);
    const value = values.get(variable);
    if (failed.has(variable) || (value !== undefined && placeholderIn(value.text) !== undefined)) continue;
    if (setting.computed && value !== undefined && value.origin.layer !== "manifest") {
      problems.push(problem(value, "cannot be set: the provider finds it out by itself", "take it out"));
      continue;
    }
    const text = value === undefined || value.text === "" ? setting.default : value.text;
    if (text === undefined) {
      if (setting.required && missing !== undefined) problems.push({ ...missing, ...required(variable, setting) });
      continue;
    }
    if (value !== undefined && text !== "") problems.push(...wrong({ ...setting, key }, value, text));
    if (value !== undefined && value.pending.length > 0) {
      result.unfetched.push(key);
      continue;
    }
    if (setting.environment !== undefined) {
      result.pluginEnvironment[setting.environment] = setting.secret ? new Secret(text) : text;
    }
    if (setting.secret) result.secrets[key] = new Secret(text);
    else result.settings[key] = text;
  }
  return { ...result, problems };
}

/** Of processor time: a value belongs to the user, but its pattern to whoever wrote the provider. */
const patternMs = 300;

function wrong(setting: Setting & { key: string }, value: ExpandedValue, text: string): Problem[] {
  if (!setting.secret && value.secret) {
    return [problem(value, "contains a secret, but is itself visible to everybody", "use a value that is not secret")];
  }
  if (value.pending.length > 0) return [];
  if (!setting.secret && !keptByEngine(text)) {
    return [
      problem(
        value,
        "has a letter and its accent as two characters, or characters that do not belong together: the engine would change it",
        "type it again; normalized form C is what keyboards give",
      ),
    ];
  }
  // A value that the pattern cannot be compared with in time counts as one that does not match.
  if (setting.pattern === undefined || matchesInTime(patternMs)(setting.pattern, text) === true) return [];
  const examples = setting.examples.length === 0 ? "" : `, such as ${setting.examples.join(", ")}`;
  if (value.origin.layer === "built-in")
    return [problem(value, `has a sample that does not match ${setting.pattern}`, examplesHint(setting.key))];
  const shown = setting.secret ? `has ${text.length} characters and` : `is ${quoted(text)} and`;
  return [
    problem(value, `${shown} does not have the expected form`, `write what matches ${setting.pattern}${examples}`),
  ];
}

/** What to do where a rehearsal makes up a value that does not fit. */
export function examplesHint(key: string): string {
  return `give settings.${key}.examples in provider.yaml: the first one is what rehearsals take`;
}

function required(key: string, { description, examples }: Setting): Pick<Problem, "key" | "message"> {
  const example = examples[0] === undefined ? "" : `, such as ${examples[0]}`;
  const meaning = description === "" ? "" : ` (${description}${example})`;
  return { key, message: `${key} is required and not set${meaning}` };
}

function unknownSettings(
  provider: string,
  declared: Manifest["settings"],
  values: ReadonlyMap<string, ExpandedValue>,
): Problem[] {
  const prefix = providerVariable(provider);
  const variables = Object.keys(declared)
    .filter((key) => declared[key]?.computed !== true)
    .map((key) => providerVariable(provider, key));
  const all = new Set(Object.keys(declared).map((key) => providerVariable(provider, key)));
  return [...values.values()]
    .filter(({ key }) => key.startsWith(prefix) && !all.has(key))
    .map((value) => {
      // Without what all of them begin with, which would make everything look alike.
      const meant = suggest(
        value.key.slice(prefix.length),
        variables.map((variable) => variable.slice(prefix.length)),
      );
      const list = variables.length === 0 ? "it has none" : `it has ${variables.join(", ")}`;
      return problem(
        value,
        `is no setting of provider ${provider}`,
        meant === undefined ? list : `did you mean ${prefix}${meant}?`,
      );
    });
}

function problem(value: ExpandedValue, message: string, hint: string): Problem {
  return {
    where: originText(value.origin, value.spelling),
    key: value.key,
    message: `${value.spelling} ${message}`,
    hint,
  };
}
