import { originText } from "../configuration/Layers.ts";
import { quoted } from "../configuration/Parsed.ts";
import { providerVariable } from "../configuration/providerVariable.ts";
import { examplesHint } from "../configuration/resolveProviderSettings.ts";
import { AppError, type Problem } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { SettingTypes } from "../providers/settingTypes.ts";
import { wantedInstead } from "../providers/valueTypes.ts";
import type { LoadedStack } from "./loadStack.ts";

/**
 * Throws AppError `configuration.settingType` with every setting whose text does not become a value of the type that the
 * module gives to it: the engine would refuse it without its name, at a destroy as well.
 */
export function checkSettingTypes({ provider, configuration }: LoadedStack, types: SettingTypes): void {
  const problems = Object.entries(configuration.settings).flatMap(([key, text]): Problem[] => {
    const wanted = wantedInstead(text, types[key]);
    if (wanted === undefined) return [];
    const variable = providerVariable(provider.name, key);
    const value = configuration.values.find((one) => one.key === variable);
    // An empty value counts as none: then the default of the manifest is meant.
    const given = value !== undefined && value.value !== "" && value.origin.layer !== "manifest" ? value : undefined;
    const name = given?.spelling ?? variable;
    if (given?.origin.layer === "built-in") {
      const where = `${provider.folder}/provider.yaml`;
      return [
        { where, key: variable, message: `${name} has the sample ${quoted(text)}: ${wanted}`, hint: examplesHint(key) },
      ];
    }
    return [
      {
        where: given === undefined ? `${provider.folder}/provider.yaml` : originText(given.origin, name),
        key: variable,
        message: `${name} is ${quoted(text)}${given === undefined ? ` by settings.${key}.default` : ""}: ${wanted}`,
        hint: `write ${wanted} there, or for this command alone --set ${variable}=VALUE`,
      },
    ];
  });
  if (problems.length === 0) return;
  const message = `settings of ${configuration.stack} are not what the module of provider ${provider.name} takes`;
  throw new AppError("configuration.settingType", message, {
    hint: "write what is said above, then run the same command again",
    exit: exitCodes.usage,
    problems,
  });
}
