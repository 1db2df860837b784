import type { Problem } from "../errors.ts";
import type { Manifest } from "./Manifest.ts";
import type { SettingTypes } from "./settingTypes.ts";
import { wantedInstead } from "./valueTypes.ts";

/** Whether the defaults and examples of a manifest become values of the types that the module gives to settings. */
export function checkSettingSamples(
  types: SettingTypes,
  { settings }: Pick<Manifest, "settings">,
  where: (path: readonly PropertyKey[]) => string,
): Problem[] {
  return Object.entries(settings).flatMap(([key, setting]) => {
    if (setting.secret) return [];
    const type = types[key];
    const samples: [text: string, path: (string | number)[]][] = setting.examples.map((text, index) => [
      text,
      ["settings", key, "examples", index],
    ]);
    if (setting.default !== undefined) samples.unshift([setting.default, ["settings", key, "default"]]);
    return samples.flatMap(([text, path]): Problem[] => {
      const wanted = wantedInstead(text, type);
      if (wanted === undefined) return [];
      return [
        {
          message: `settings.${key}: "${text}" is no ${type}, which the module makes of it`,
          where: where(path),
          key: path.slice(0, 3).join("."),
          hint: `write ${wanted}, or make settings.${key} a string in variables.tf`,
          rule: "module.settings",
        },
      ];
    });
  });
}
