import type { Manifest } from "../../providers/Manifest.ts";
import { createNames } from "../createNames.ts";
import { isSecretName } from "../isSecretName.ts";
import { standardSpellings } from "../knownVariables.ts";
import type { Names } from "../Names.ts";
import { providerVariable } from "../providerVariable.ts";

type Declared = Pick<Manifest, "name" | "settings">;

/** What the names of an old tree mean today, whichever provider they belong to. */
export interface SettingNames {
  /** The present name of a variable of an old `.env` file. */
  present(key: string): string;
  /** The present name for a name of an old `.tfvars` file; `provider` is whose file it seems to be. */
  ofTfvars(name: string, provider: string | undefined): string | undefined;
  /** Whose setting a present name is. */
  owner(key: string): string | undefined;
  /** True for what looks like a setting of this provider, but is none that a user can set. */
  unknownTo(provider: string, key: string): boolean;
  secret(key: string): boolean;
}

export function settingNames(providers: readonly Declared[]): SettingNames {
  const known = providers.map((manifest) => ({
    manifest,
    names: createNames(
      manifest,
      providers.filter(({ name }) => name !== manifest.name).map(({ name }) => name),
    ),
  }));
  const standard = new Map([...standardSpellings].flatMap(([name, old]) => old.map((spelling) => [spelling, name])));
  const present = (key: string): string => {
    for (const { names } of known) if (names.canonical(key) !== key) return names.canonical(key);
    return standard.get(key) ?? key;
  };
  const ownerOf = (key: string): { manifest: Declared; names: Names } | undefined =>
    known.find(({ names }) => names.settings.includes(key));
  return {
    present,
    ofTfvars(name, provider) {
      const upper = name.toUpperCase().replaceAll("-", "_");
      const candidates = [
        present(upper),
        `PROVIDER_${upper}`,
        ...(provider === undefined ? [] : [providerVariable(provider, upper)]),
      ];
      const setting = candidates.find((key) => ownerOf(key) !== undefined);
      return setting ?? (standardVariables.has(present(upper)) ? present(upper) : undefined);
    },
    owner: (key) => ownerOf(key)?.manifest.name,
    unknownTo(provider, key) {
      const manifest = providers.find(({ name }) => name === provider);
      const prefix = providerVariable(provider);
      if (!key.startsWith("PROVIDER_")) return false;
      const setting = manifest?.settings[key.slice(prefix.length).toLowerCase()];
      return !key.startsWith(prefix) || setting === undefined || setting.computed;
    },
    secret: (key) => ownerOf(key)?.names.secret(key) ?? isSecretName(key),
  };
}

/** What the shell version handed to its root module. */
const standardVariables = new Set([
  "VM_NAME",
  "VM_MEMORY",
  "VM_VCPUS",
  "VM_DISK_SIZE",
  "DATA_DISK_SIZE",
  "SSH_PUBLIC_KEY",
  "USE_MINIMAL_CONFIG",
]);
