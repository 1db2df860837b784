import type { Manifest, Setting } from "./Manifest.ts";
import type { Provider } from "./Provider.ts";
import { settingVariable } from "./settingVariable.ts";

interface SettingDescription extends Setting {
  key: string;
  /** The variable that feeds it, such as `PROVIDER_ACME_TOKEN`. */
  variable: string;
}

/** A manifest with what follows from it, ready to be shown. */
export interface ProviderDescription extends Omit<Manifest, "settings"> {
  folder: string;
  origin: Provider["origin"];
  settings: SettingDescription[];
  /** What a folder in the plan's own style printed when it was asked. */
  says?: string;
}

/** What a provider says of itself. Settings that a user has to give come first, computed ones are left out. */
export function describeProvider({ manifest, folder, origin }: Provider): ProviderDescription {
  const settings = Object.entries(manifest.settings)
    .filter(([, setting]) => !setting.computed)
    .map(([key, setting]) => ({ key, variable: settingVariable(manifest.name, key), ...setting }))
    .sort((a, b) => Number(b.required) - Number(a.required));
  return { ...manifest, folder, origin, settings };
}
