import { distance } from "fastest-levenshtein";
import type { Notice } from "../events/Event.ts";
import type { Manifest } from "../providers/Manifest.ts";
import type { EnvFile } from "./EnvFile.ts";
import type { Expansion } from "./expandValues.ts";
import { knownVariables } from "./knownVariables.ts";
import { originText, type Layers } from "./Layers.ts";
import type { Names } from "./Names.ts";
import { declaredNames } from "./processLayer.ts";

/** Says where an older spelling counts, or the plugin's own variable. */
export function spellingNotices({ values }: Expansion, { settings }: Pick<Manifest, "settings">): Notice[] {
  const own = new Set(Object.values(settings).map(({ environment }) => environment));
  return [...values.values()]
    .filter(({ key, spelling }) => key !== spelling)
    .map(({ key, spelling, origin }): Notice => {
      const where = originText(origin, spelling);
      if (own.has(spelling)) {
        return {
          type: "notice",
          level: "info",
          code: "configuration.plugin-variable",
          message: `${key} is taken from ${where}`,
        };
      }
      return {
        type: "notice",
        level: "warning",
        code: "configuration.old-spelling",
        message: `${spelling} is an old spelling of ${key} (${where})`,
        hint: `write ${key}`,
      };
    });
}

/** Warns of names in a file that are probably misspelt: they would silently have no effect. */
export function misspellingNotices(files: readonly EnvFile[], layers: Layers, names: Names): Notice[] {
  const used = declaredNames(
    layers.filter(({ layer }) => layer === "built-in" || layer === "manifest"),
    names,
  );
  return files.flatMap(({ file, entries }) =>
    entries.flatMap(({ key, line }): Notice[] => {
      const meant =
        used.has(key) || key.startsWith("PROVIDER_") ? undefined : knownVariables.find((known) => isSlip(key, known));
      if (meant === undefined) return [];
      return [
        {
          type: "notice",
          level: "warning",
          code: "configuration.similar-name",
          message: `${key} is not a standard variable, but almost ${meant} (${file}:${line})`,
          hint: `write ${meant}, or give your own variable a name that differs more`,
        },
      ];
    }),
  );
}

function isSlip(name: string, known: string): boolean {
  return name.length > 5 && !name.startsWith(known) && !known.startsWith(name) && distance(name, known) <= 2;
}
