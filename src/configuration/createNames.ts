import type { Manifest } from "../providers/Manifest.ts";
import type { DeclaredApplication } from "./DeclaredApplication.ts";
import { isSecretName } from "./isSecretName.ts";
import { knownVariables, standardSpellings } from "./knownVariables.ts";
import type { Names } from "./Names.ts";
import { providerVariable } from "./providerVariable.ts";

/**
 * The names that hold for one provider. A setting goes by its variable, its old spellings, and the name by which
 * the plugin itself knows it, since that is what users of the plugin have in their environment.
 * @param others names of all other providers: PROVIDER_MY_CLOUD_X is not a setting of `my` where `my-cloud` exists
 */
export function createNames(
  manifest: Pick<Manifest, "name" | "settings">,
  others: readonly string[],
  application?: DeclaredApplication,
): Names {
  const settings = Object.entries(manifest.settings).map(
    ([key, setting]) => [providerVariable(manifest.name, key), setting] as const,
  );
  const spellings = new Map(standardSpellings);
  const taken = new Set([...knownVariables, ...settings.map(([name]) => name), ...[...spellings.values()].flat()]);
  for (const [name, { aliases, environment }] of settings) {
    const free = [...aliases, ...(environment === undefined ? [] : [environment])].filter((alias) => !taken.has(alias));
    for (const alias of free) taken.add(alias);
    spellings.set(name, [...new Set(free)]);
  }
  const canonical = new Map(
    [...spellings].flatMap(([name, aliases]) => aliases.map((alias) => [alias, name] as const)),
  );
  const secrets = new Map(settings.map(([name, { secret }]) => [name, secret]));
  const own = providerVariable(manifest.name);
  const foreign = others
    .map((name) => providerVariable(name))
    .filter((prefix) => prefix !== own && prefix.startsWith(own));
  return {
    canonical: (spelling) => canonical.get(spelling) ?? spelling,
    spellings: (name) => [name, ...(spellings.get(name) ?? [])],
    settings: settings.map(([name]) => name),
    ofApplication: Object.keys(application?.settings ?? {}),
    secret: (name) => secrets.get(name) ?? (application?.settings[name]?.secret === true || isSecretName(name)),
    ignored: (name) =>
      !secrets.has(name) &&
      name.startsWith("PROVIDER_") &&
      (!name.startsWith(own) || foreign.some((prefix) => name.startsWith(prefix))),
  };
}
