import { distance } from "fastest-levenshtein";
import type { Problem } from "../errors.ts";
import type { EnvFile } from "./EnvFile.ts";
import { originText, type Layers } from "./Layers.ts";
import type { Names } from "./Names.ts";
import { declaredNames } from "./processLayer.ts";
import { providerVariable } from "./providerVariable.ts";
import { suggest } from "./suggest.ts";

/** Names given with `--set` that nothing declares: they would have no effect. */
export function undeclaredOverrides(layers: Layers, names: Names, prefix: string): Problem[] {
  const declared = declaredNames(
    layers.filter(({ layer }) => layer !== "command line"),
    names,
  );
  const given = layers.find(({ layer }) => layer === "command line")?.definitions ?? new Map<string, never>();
  return [...given.values()]
    .filter(
      ({ spelling }) => !declared.has(spelling) && ![prefix, "STATE_"].some((known) => spelling.startsWith(known)),
    )
    .map(({ spelling, origin }) => {
      const meant = suggest(spelling, [...declared]);
      return {
        where: originText(origin, spelling),
        key: spelling,
        message: `${spelling} is not known: no file mentions it, and it is neither a standard variable nor a setting of the provider`,
        hint:
          meant === undefined
            ? "write it into the environment's file first, or leave it out"
            : `did you mean ${meant}?`,
      };
    });
}

/** Settings of other providers in the file of this one: there they can only be mistakes. */
export function foreignSettings(providerFile: EnvFile | undefined, names: Names, provider: string): Problem[] {
  const entries = providerFile?.entries ?? [];
  return entries
    .filter(({ key }) => names.ignored(names.canonical(key)))
    .map(({ key, line }) => {
      const meant = slipOf(key, names);
      return {
        where: `${providerFile?.file}:${line}`,
        key,
        message: `${key} is no setting of provider ${provider}`,
        hint: meant === undefined ? "take it out" : `did you mean ${meant}?`,
      };
    });
}

/** Settings in other files that belong to no provider at all, where one of this provider was probably meant. */
export function straySettings(files: readonly EnvFile[], names: Names, others: readonly string[]): Problem[] {
  const prefixes = others.map((name) => providerVariable(name));
  return files.flatMap(({ file, entries }) =>
    entries.flatMap(({ key, line }) => {
      const stray = names.ignored(names.canonical(key)) && !prefixes.some((prefix) => key.startsWith(prefix));
      const meant = stray ? slipOf(key, names) : undefined;
      if (meant === undefined) return [];
      return [
        { where: `${file}:${line}`, key, message: `${key} belongs to no provider`, hint: `did you mean ${meant}?` },
      ];
    }),
  );
}

/** Stricter than `suggest`: names of settings begin alike. */
function slipOf(key: string, { settings }: Names): string | undefined {
  return settings.find((setting) => distance(key, setting) <= 2);
}
