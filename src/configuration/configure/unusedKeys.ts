import { parseEnvFile } from "../parseEnvFile.ts";
import { knownVariables, standardSpellings } from "../knownVariables.ts";
import { suggest } from "../suggest.ts";
import type { EnvDraft } from "./EnvDraft.ts";
import { namesIn } from "./namesIn.ts";
import { isOfState, type Owner } from "./placeAssignments.ts";

export interface UnusedKey {
  /** FILE:LINE */
  where: string;
  key: string;
  /** What was probably meant. */
  suggestion?: string;
}

/**
 * Keys of a file that nothing uses: no standard variable, no setting of a provider, not in the template, and no value
 * refers to them.
 * @param owners the provider whose file it is; for an environment's file, every provider
 */
export function unusedKeys(
  { file, text, template }: EnvDraft,
  owners: readonly Owner[],
  referred: ReadonlySet<string>,
): UnusedKey[] {
  const known = [
    ...knownVariables,
    ...[...standardSpellings.values()].flat(),
    ...owners.flatMap(({ names }) => names.settings),
    ...namesIn({ text: "", template }),
  ];
  const used = new Set([...known, ...referred]);
  return parseEnvFile(text, file)
    .entries.filter(
      ({ key }) =>
        !used.has(key) && !isOfState(key) && !owners.some(({ names }) => names.settings.includes(names.canonical(key))),
    )
    .map(({ key, line }) => {
      const suggestion = suggest(key, known);
      return { where: `${file}:${line}`, key, ...(suggestion === undefined ? {} : { suggestion }) };
    });
}
