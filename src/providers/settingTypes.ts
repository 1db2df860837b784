import type { ModuleDescription } from "../engine/engineJson.ts";
import type { ModuleType } from "./ModuleType.ts";
import { moduleTypeText } from "./moduleTypeText.ts";

/** The types of a module's settings as they are written there, by key, without `optional`. */
export type SettingTypes = Readonly<Record<string, string>>;

export function settingTypes({ root_module: { variables = {} } }: ModuleDescription): SettingTypes {
  const type = variables["settings"]?.type as ModuleType | undefined;
  if (typeof type !== "object" || type[0] !== "object") return {};
  return Object.fromEntries(Object.entries(type[1]).map(([key, attribute]) => [key, moduleTypeText(attribute)]));
}
