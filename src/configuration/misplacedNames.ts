import type { Problem } from "../errors.ts";
import type { EnvFile } from "./EnvFile.ts";
import { originText, type Layers } from "./Layers.ts";
import type { Names } from "./Names.ts";
import { declaredNames } from "./processLayer.ts";
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
      const meant = suggest(key, names.settings);
      return {
        where: `${providerFile?.file}:${line}`,
        key,
        message: `${key} is no setting of provider ${provider}`,
        hint: meant === undefined ? "take it out" : `did you mean ${meant}?`,
      };
    });
}
