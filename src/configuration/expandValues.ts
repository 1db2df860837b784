import type { Problem } from "../errors.ts";
import type { Part, ReferencePart, SecretPart, SecretSource } from "./EnvFile.ts";
import { originText, type Definition, type Layers } from "./Layers.ts";
import type { Names } from "./Names.ts";
import { secretReference } from "./secretReference.ts";
import type { Origin } from "./StackConfiguration.ts";

export interface ExpandedValue {
  key: string;
  text: string;
  /** By its own name, or because it contains another secret. */
  secret: boolean;
  origin: Origin;
  spelling: string;
  parts: readonly Part[];
  /** Secrets that are part of it and not known yet: the reference stands for each in `text`. */
  pending: readonly PendingSecret[];
}

export interface PendingSecret {
  source: SecretSource;
  /** Where it is referred to. */
  where: string;
}

export interface Expansion {
  /** By present name. */
  values: ReadonlyMap<string, ExpandedValue>;
  /** Present names of what is defined but could not be expanded; the reason is among the problems. */
  failed: ReadonlySet<string>;
  problems: readonly Problem[];
}

/** Linux takes no longer variable; also bounds values that double each other. */
export const longestValue = 128 * 1024 - 1;
const longestChain = 100;

/**
 * Expands references after layering: a reference sees the highest layer's value, wherever it stands itself.
 * A value that refers to its own name sees the layers below it, so `X=${X:-1}` is well defined.
 * Only values that count are expanded: what a higher layer replaces may refer to anything.
 * @param readable further variables that may be referred to, such as HOME
 * @param secrets what is kept elsewhere and known, by `secretReference`
 */
export function expandValues(
  layers: Layers,
  names: Names,
  readable: ReadonlyMap<string, string>,
  secrets: ReadonlyMap<string, string> = new Map(),
): Expansion {
  const known = new Map<Definition, Text | undefined>();
  const problems: Problem[] = [];
  const values = new Map<string, ExpandedValue>();
  const failed = new Set<string>();

  for (const key of presentNames(layers, names)) {
    for (const [first, ...others] of rivals(key, layers, names)) compare(key, first, others);
    const place = highest(key, layers.length);
    if (place === undefined) continue;
    const { definition } = place;
    const text = resolve(place, []);
    if (text === undefined || definition.parts === undefined) failed.add(key);
    else
      values.set(key, {
        key,
        ...text,
        origin: definition.origin,
        spelling: definition.spelling,
        parts: definition.parts,
      });
  }
  return { values, failed, problems };

  function resolve(place: Place, chain: readonly Place[]): Text | undefined {
    const { definition } = place;
    if (known.has(definition)) return known.get(definition);
    const start = chain.findIndex((link) => link.definition === definition);
    if (start !== -1 || chain.length >= longestChain) {
      reportChain(place, start === -1 ? undefined : chain.slice(start));
      return undefined;
    }
    const text = definition.parts === undefined ? undefined : expand(definition.parts, place, [...chain, place]);
    known.set(definition, text);
    return text;
  }

  function expand(parts: readonly Part[], place: Place, chain: readonly Place[]): Text | undefined {
    let text = "";
    let secret = names.secret(names.canonical(place.definition.spelling));
    let whole = true;
    const pending: PendingSecret[] = [];
    for (const part of parts) {
      const piece = pieceOf(part, place, chain);
      if (piece === undefined) whole = false;
      else if (text.length + piece.text.length > longestValue) {
        report(place, "the value is longer than 128 KiB", "shorten it");
        return undefined;
      } else {
        text += piece.text;
        secret ||= piece.secret;
        pending.push(...piece.pending);
      }
    }
    return whole ? { text, secret, pending } : undefined;
  }

  function pieceOf(part: Part, place: Place, chain: readonly Place[]): Text | undefined {
    if (part.kind === "text") return { text: part.text, secret: false, pending: [] };
    return part.kind === "secret" ? fromElsewhere(part, place) : follow(part, place, chain);
  }

  function fromElsewhere({ source, line }: SecretPart, { definition }: Place): Text {
    const reference = secretReference(source);
    const text = secrets.get(reference);
    if (text !== undefined) return { text, secret: true, pending: [] };
    const where = originText({ ...definition.origin, line }, definition.spelling);
    return { text: reference, secret: true, pending: [{ source, where }] };
  }

  function follow(reference: ReferencePart, place: Place, chain: readonly Place[]): Text | undefined {
    const { name, line, fallback, demand } = reference;
    const target = lookUp(name, place);
    const outside = readable.get(name);
    let found: Text | undefined;
    if (target !== undefined) {
      found = resolve(target, chain);
      if (found === undefined) return undefined;
    } else if (outside !== undefined) {
      found = { text: outside, secret: false, pending: [] };
    }
    const wanting = fallback !== undefined || demand !== undefined;
    if (found !== undefined && !(wanting && found.text === "")) return found;
    if (fallback !== undefined) return expand(fallback, place, chain);
    if (demand !== undefined) {
      const why = demand === "" ? `${name} has to be set` : `${name} has to be set: ${demand}`;
      report(place, why, `set ${name}`, line);
    } else if (names.secret(names.canonical(place.definition.spelling))) {
      // What follows the dollar sign may be a piece of the secret.
      const hint =
        "if the dollar sign is meant literally, use single quotes or \\$; else set the variable that it names";
      report(place, "a dollar sign begins a reference to a variable that is not set", hint, line);
    } else if (names.canonical(name) === names.canonical(place.definition.spelling)) {
      const hint = `write a value, or \${${name}:-DEFAULT}`;
      report(place, `${name} is made from itself, and no lower layer sets it`, hint, line);
    } else {
      const hint = `set ${name}, write \${${name}:-DEFAULT}, or, if the dollar sign is meant literally, use single quotes or \\$`;
      report(place, `${name} is not set and has no default`, hint, line);
    }
    return undefined;
  }

  function lookUp(name: string, from: Place): Place | undefined {
    const canonical = names.canonical(name);
    if (canonical !== names.canonical(from.definition.spelling)) return highest(canonical, layers.length, name);
    if (name !== from.definition.spelling) {
      const sibling = layers[from.rank]?.definitions.get(name);
      if (sibling !== undefined) return { definition: sibling, rank: from.rank };
    }
    return highest(canonical, from.rank, name);
  }

  /** The definition that counts among the layers below `below`. */
  function highest(canonical: string, below: number, preferred = canonical): Place | undefined {
    const spellings = [preferred, ...names.spellings(canonical)];
    for (let rank = below - 1; rank >= 0; rank -= 1) {
      for (const spelling of spellings) {
        const definition = layers[rank]?.definitions.get(spelling);
        if (definition !== undefined) return { definition, rank };
      }
    }
    return undefined;
  }

  function compare(key: string, first: Place, others: readonly Place[]): void {
    const expected = resolve(first, []);
    for (const other of others) {
      const text = resolve(other, []);
      if (expected === undefined || text === undefined || expected.text === text.text) continue;
      const { spelling, origin } = first.definition;
      const message = `${other.definition.spelling} and ${spelling} (${originText(origin, spelling)}) mean the same setting and have different values`;
      report(other, message, `keep ${key} only`);
    }
  }

  function reportChain(place: Place, cycle: readonly Place[] | undefined): void {
    const at = cycle?.[0] ?? place;
    if (cycle === undefined)
      return report(at, `the value refers through more than ${longestChain} others`, "shorten the chain");
    const chain = [...cycle, place].map(({ definition }) => definition.spelling).join(" -> ");
    report(at, `the values refer to each other in a circle: ${chain}`, "give one of them a value of its own");
  }

  function report({ definition }: Place, message: string, hint: string, line = definition.origin.line): void {
    const origin = line === undefined ? definition.origin : { ...definition.origin, line };
    const where = originText(origin, definition.spelling);
    problems.push({ where, key: definition.spelling, message, hint });
  }
}

type Text = Pick<ExpandedValue, "text" | "secret" | "pending">;

interface Place {
  definition: Definition;
  rank: number;
}

function presentNames(layers: Layers, names: Names): Set<string> {
  const spellings = layers.flatMap(({ definitions }) => [...definitions.keys()]);
  return new Set(spellings.map((spelling) => names.canonical(spelling)).filter((name) => !names.ignored(name)));
}

/** Where one layer has several spellings of one name. */
function rivals(canonical: string, layers: Layers, names: Names): [Place, ...Place[]][] {
  return layers.flatMap(({ definitions }, rank) => {
    const [first, ...others] = names.spellings(canonical).flatMap((spelling) => {
      const definition = definitions.get(spelling);
      return definition === undefined ? [] : [{ definition, rank }];
    });
    return first === undefined || others.length === 0 ? [] : [[first, ...others] satisfies [Place, ...Place[]]];
  });
}
