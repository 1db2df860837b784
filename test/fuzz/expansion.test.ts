import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createNames } from "../../src/configuration/createNames.ts";
import { expandValues, type Expansion } from "../../src/configuration/expandValues.ts";
import type { Layers } from "../../src/configuration/Layers.ts";
import { parseEnvFile } from "../../src/configuration/parseEnvFile.ts";
import type { Layer } from "../../src/configuration/StackConfiguration.ts";
import { fuzzRuns } from "../support/fuzzRuns.ts";
import { hostileText } from "../support/hostileText.ts";

const order: Layer[] = ["provider file", "project file", "environment file", "process environment"];
const names = createNames({ name: "acme", settings: {} }, []);

/** Layers, lowest first, each as the text of a file. */
function layersOf(texts: readonly string[]): Layers {
  return texts.map((text, index) => {
    const layer = order[index] ?? "command line";
    const definitions = parseEnvFile(text, `${index}.env`).entries.map(
      ({ key, line, parts }) => [key, { spelling: key, parts, origin: { layer, file: `${index}.env`, line } }] as const,
    );
    return { layer, definitions: new Map(definitions) };
  });
}

const expand = (layers: Layers): Expansion => expandValues(layers, names, new Map([["HOME", "/home/somebody"]]));

const keys = ["A", "B", "C", "D", "E", "PERSISTENT_DATA_SIZE", "DATA_DISK_SIZE"];
const name = fc.constantFrom(...keys, "HOME", "NOWHERE");
const value = fc.array(
  fc.oneof(
    fc.constantFrom("x", "1", "-"),
    name.map((key) => `\${${key}}`),
    name.map((key) => `$${key} `),
    fc
      .tuple(
        name,
        fc.oneof(
          fc.constant("y"),
          name.map((key) => `\${${key}:-z}`),
        ),
      )
      .map(([key, text]) => `\${${key}:-${text}}`),
    name.map((key) => `\${${key}:?why}`),
  ),
  { maxLength: 3 },
);
const file = fc.dictionary(fc.constantFrom(...keys), value).map((entries) =>
  Object.entries(entries)
    .map(([key, parts]) => `${key}="${parts.join("")}"\n`)
    .join(""),
);

test("whatever refers to whatever: it ends, always alike, and every name has a value or a reason", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: file }, hostileText), { maxLength: 4 }), (texts) => {
      const layers = layersOf(texts);
      const expansion = expand(layers);
      expect(expand(layers)).toEqual(expansion);
      const { values, failed, problems } = expansion;
      const written = new Set(layers.flatMap(({ definitions }) => [...definitions.keys()].map(names.canonical)));
      const wanted = [...written].filter((key) => !names.ignored(key)).sort();
      expect([...values.keys(), ...failed].sort()).toEqual(wanted);
      const unread = layers.some(({ definitions }) =>
        [...definitions.values()].some(({ parts }) => parts === undefined),
      );
      expect(failed.size === 0 || problems.length > 0 || unread).toBe(true);
      for (const { key, origin } of values.values()) {
        const highest = layers.findLast(({ definitions }) =>
          names.spellings(key).some((spelling) => definitions.has(spelling)),
        );
        expect(origin.layer).toBe(highest?.layer);
      }
    }),
    { numRuns: fuzzRuns(12_000) },
  );
});

type Piece = string | { to: number; fallback: string };
const ordered = ["A", "B", "C", "D", "E"];

/** Values of A may name B to E and the A of a layer below, and so on: no circles, so the meaning is plain. */
const plainLayers = fc.array(
  fc.tuple(
    ...ordered.map((_key, index) =>
      fc.option(
        fc.array(
          fc.oneof(
            fc.constantFrom("x", "yy", ""),
            fc.record({ to: fc.integer({ min: index, max: ordered.length - 1 }), fallback: fc.constantFrom("", "f") }),
          ),
          { maxLength: 3 },
        ),
        { nil: undefined },
      ),
    ),
  ),
  { minLength: 1, maxLength: 4 },
);

test("values are what a few lines of obvious code say", () => {
  fc.assert(
    fc.property(plainLayers, (layers: (Piece[] | undefined)[][]) => {
      const valueOf = (index: number, below: number): string | undefined => {
        const rank = layers.findLastIndex((layer, at) => at < below && layer[index] !== undefined);
        return layers[rank]?.[index]
          ?.map((piece) => {
            if (typeof piece === "string") return piece;
            return valueOf(piece.to, piece.to === index ? rank : layers.length) || piece.fallback;
          })
          .join("");
      };
      const text = (piece: Piece) =>
        typeof piece === "string" ? piece : `\${${String(ordered[piece.to])}:-${piece.fallback}}`;
      const texts = layers.map((layer) =>
        layer.map((pieces, index) =>
          pieces === undefined ? "" : `${ordered[index]}="${pieces.map(text).join("")}"\n`,
        ),
      );
      const { values, problems } = expand(layersOf(texts.map((lines) => lines.join(""))));
      expect(problems).toEqual([]);
      for (const [index, key] of ordered.entries()) expect(values.get(key)?.text).toBe(valueOf(index, layers.length));
    }),
    { numRuns: fuzzRuns(8000) },
  );
});
