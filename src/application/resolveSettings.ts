import type { Problem } from "../errors.ts";
import { matchesInTime } from "../matchesInTime.ts";
import type { ApplicationSetting } from "./Application.ts";
import type { ApplicationFolder } from "./ApplicationFolder.ts";
import type { TemplateValues } from "./templateLanguage.ts";

/** One value of the environment. */
export interface GivenValue {
  text: string;
  secret: boolean;
  /** Where it can be changed. */
  where: string;
}

export interface ResolvedSettings {
  /** As templates see them. */
  values: TemplateValues;
  /** As they are written. */
  texts: Readonly<Record<string, string>>;
  /** Names of those that are secret. */
  secrets: ReadonlySet<string>;
  problems: readonly Problem[];
}

/** Where containers find what outlives releases. */
export const dataDirectory = "/var/lib/torrust/data";

const patternBudgetMs = 500;

/**
 * Takes from the environment what the manifest declares, and `DATA`. What is wrong is reported at its place;
 * what is missing where `missingWhere` says.
 */
export function resolveSettings(
  { application, where }: ApplicationFolder,
  given: ReadonlyMap<string, GivenValue>,
  missingWhere: string,
): ResolvedSettings {
  const values: Record<string, string | boolean | number | null> = { DATA: dataDirectory };
  const texts: Record<string, string> = { DATA: dataDirectory };
  const secrets = new Set<string>();
  const problems: Problem[] = [];
  const matches = matchesInTime(patternBudgetMs);
  for (const [name, setting] of Object.entries(application.settings)) {
    const value = given.get(name);
    // Left empty is not set, unless the application can do without.
    const text =
      value?.text === "" && setting.default !== undefined ? setting.default : (value?.text ?? setting.default);
    if (setting.secret || value?.secret === true) secrets.add(name);
    if (text === undefined || (text === "" && !setting.optional && setting.default !== "")) {
      values[name] = null;
      texts[name] = "";
      if (!setting.optional) problems.push(absent(name, setting, value, missingWhere));
      continue;
    }
    values[name] = typed(text, setting);
    texts[name] = text;
    const complaint = complaintOf(name, text, setting, matches);
    if (complaint !== undefined) {
      const place = value === undefined ? where(["settings", name, "default"]) : value.where;
      problems.push({ key: name, where: place, ...complaint });
    }
  }
  return { values, texts, secrets, problems };
}

function absent(
  name: string,
  { description }: ApplicationSetting,
  value: GivenValue | undefined,
  missingWhere: string,
): Problem {
  return {
    key: name,
    where: value?.where ?? missingWhere,
    message: `${name} ${value === undefined ? "is not set" : "is empty"}, and the application needs it: ${description}`,
    hint: `write ${name}=VALUE`,
  };
}

function typed(text: string, { type }: ApplicationSetting): string | boolean | number {
  if (type === "boolean") return text === "true";
  return type === "number" ? Number(text) : text;
}

/** Never quotes the value. */
function complaintOf(
  name: string,
  text: string,
  { type, pattern, examples }: ApplicationSetting,
  matches: ReturnType<typeof matchesInTime>,
): { message: string; hint: string } | undefined {
  if (type === "boolean" && text !== "true" && text !== "false")
    return { message: `${name} is neither true nor false`, hint: "write true or false" };
  if (type === "number" && !/^-?\d+(\.\d+)?$/.test(text))
    return { message: `${name} is no number`, hint: "write digits only" };
  if (pattern === undefined || matches(pattern, text) === true) return undefined;
  const hint = examples.length > 0 ? `such as ${examples.join(", ")}` : `it has to match ${pattern}`;
  return { message: `${name} has not the form that the application takes`, hint };
}
