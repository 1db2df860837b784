import type { Problem } from "../../errors.ts";
import { knownVariables } from "../knownVariables.ts";
import type { Names } from "../Names.ts";
import { providerVariable } from "../providerVariable.ts";
import { suggest } from "../suggest.ts";
import type { EnvDraft } from "./EnvDraft.ts";
import { mentionedIn, namesIn } from "./namesIn.ts";

/** A provider and the names of its settings. */
export interface Owner {
  name: string;
  names: Names;
}

export interface Placement {
  environment: ReadonlyMap<string, string>;
  provider: ReadonlyMap<string, string>;
  problems: readonly Problem[];
}

/**
 * Says which file each value of `--set` belongs into: where its key stands already, else the provider's file for what
 * only the provider knows, else the environment's.
 * @param chosen the provider that was named, if any
 * @param owners every provider that there is
 */
export function placeAssignments(
  assignments: ReadonlyMap<string, string>,
  drafts: readonly EnvDraft[],
  names: Pick<Names, "canonical">,
  chosen: Owner | undefined,
  owners: readonly Owner[],
): Placement {
  const environment = new Map<string, string>();
  const provider = new Map<string, string>();
  const problems: Problem[] = [];
  const ofEnvironment = drafts.filter(({ of }) => of === "environment");
  const ofProvider = drafts.filter(({ of }) => of === "provider");
  const standing = (group: readonly EnvDraft[]) => new Set(group.flatMap(namesIn).map((key) => names.canonical(key)));
  const [inEnvironment, inProvider] = [standing(ofEnvironment), standing(ofProvider)];
  const referred = new Set(
    drafts.flatMap(({ text, template }) => [...mentionedIn(text), ...mentionedIn(template ?? "")]),
  );
  const known = [...new Set([...knownVariables, ...inEnvironment, ...inProvider, ...referred, ...settingsOf(chosen)])];

  for (const [key, value] of assignments) {
    const name = names.canonical(key);
    const owner = ownerOf(key, chosen, owners);
    if (inEnvironment.has(name)) environment.set(key, value);
    else if (chosen !== undefined && (inProvider.has(name) || owner === chosen)) provider.set(key, value);
    else if (owner !== undefined) problems.push(otherOwner(key, owner, chosen));
    else if (known.includes(name) || known.includes(key) || isOfState(key)) environment.set(key, value);
    else problems.push(unknownKey(key, [...known, ...owners.flatMap(settingsOf)]));
  }
  return { environment, provider, problems };
}

/** Every argument of every backend is one. */
export function isOfState(key: string): boolean {
  return key.startsWith("STATE_");
}

function settingsOf(owner: Owner | undefined): readonly string[] {
  return owner?.names.settings ?? [];
}

/** The provider that a key belongs to, by its settings, else by how it begins: a setting that it does not have is reported by validation. */
function ownerOf(key: string, chosen: Owner | undefined, owners: readonly Owner[]): Owner | undefined {
  const candidates = [...(chosen === undefined ? [] : [chosen]), ...owners];
  const declared = candidates.find(({ names }) => names.settings.includes(names.canonical(key)));
  if (declared !== undefined) return declared;
  return candidates
    .filter(({ name }) => key.startsWith(providerVariable(name)))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
}

function otherOwner(key: string, { name }: Owner, chosen: Owner | undefined): Problem {
  const where = `--set ${key}`;
  if (chosen === undefined) {
    return {
      where,
      key,
      message: `${key} is a setting of provider ${name}, and no provider was named`,
      hint: `add --provider ${name}`,
    };
  }
  const meant = suggest(key, chosen.names.settings);
  return {
    where,
    key,
    message: `${key} is a setting of provider ${name}, not of ${chosen.name}`,
    hint: meant === undefined ? `give it with --provider ${name}` : `did you mean ${meant}?`,
  };
}

function unknownKey(key: string, known: readonly string[]): Problem {
  const meant = suggest(key, known);
  return {
    where: `--set ${key}`,
    key,
    message: `${key} is not known: no file mentions it, and it is neither a standard variable nor a setting of a provider`,
    hint: meant === undefined ? "write it into the file by hand, or leave it out" : `did you mean ${meant}?`,
  };
}
