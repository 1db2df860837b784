import type { Problem } from "../errors.ts";
import type { Manifest } from "./Manifest.ts";
import type { ModuleType } from "./ModuleType.ts";
import { moduleTypeText } from "./moduleTypeText.ts";

/** Whether `settings` of the module and the settings of the manifest are the same list. */
export function checkModuleSettings(
  variable: { type?: unknown } | undefined,
  manifest: Manifest,
  where: string,
): Problem[] {
  const type = variable?.type as ModuleType | undefined;
  const expected = Object.entries(manifest.settings).filter(([, setting]) => !setting.secret);
  const shape = `object({ ${expected.map(([key]) => `${key} = ...`).join(", ")} })`;
  if (variable === undefined || typeof type !== "object" || type[0] !== "object") {
    const found = variable === undefined ? "not declared" : `declared as ${moduleTypeText(type)}`;
    return [
      {
        message: `settings is ${found}: it has to be an object type that names each setting`,
        where,
        key: "settings",
        hint: `declare variable "settings" { type = ${shape} }`,
        rule: "module.settingsType",
      },
    ];
  }
  const attributes: Readonly<Record<string, ModuleType>> = type[1];
  const optional = new Set(type[2] ?? []);
  const problems: Problem[] = [];
  const add = (key: string, message: string, hint: string, rule = "module.settings"): void =>
    void problems.push({ message, where, key: `settings.${key}`, hint, rule });

  for (const [key, setting] of expected) {
    const attribute = attributes[key];
    if (attribute === undefined) {
      add(key, `setting ${key} is no attribute of settings: the engine would drop it`, `add ${key} to the object type`);
      continue;
    }
    if (!["string", "number", "bool", "any", "dynamic"].includes(moduleTypeText(attribute))) {
      add(
        key,
        `settings.${key} is a ${moduleTypeText(attribute)}, but settings are plain values`,
        "use string, number or bool",
      );
    }
    const given = setting.required || setting.computed || setting.default !== undefined;
    if (!given && !optional.has(key)) {
      add(
        key,
        `setting ${key} may be left open, but settings.${key} is not optional`,
        "write optional(...), or give it a default",
      );
    }
  }
  for (const key of Object.keys(attributes)) {
    const setting = manifest.settings[key];
    if (setting?.secret === true) {
      add(
        key,
        `settings.${key} is secret: it never arrives here`,
        "remove it; the plugin reads its environment variable",
        "module.secrets",
      );
    } else if (setting === undefined) {
      add(
        key,
        `settings.${key} is not declared in the manifest: nobody can set it`,
        "declare it in provider.yaml, or remove it",
        "module.undeclared",
      );
    }
  }
  return problems;
}
