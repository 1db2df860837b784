import type { Part } from "./EnvFile.ts";
import type { Layer, Origin } from "./StackConfiguration.ts";

/** What one layer says of one variable, before expansion. */
export interface Definition {
  /** The name as it is written there. */
  spelling: string;
  /** Undefined where the value could not be read; that was reported already. */
  parts: readonly Part[] | undefined;
  origin: Origin;
}

export interface LayerContent {
  layer: Layer;
  /** By spelling. */
  definitions: ReadonlyMap<string, Definition>;
}

/** All layers, lowest first. */
export type Layers = readonly LayerContent[];

export function literalDefinition(spelling: string, text: string, origin: Origin): Definition {
  return { spelling, parts: text === "" ? [] : [{ kind: "text", text }], origin };
}

/** Where a user can change what an origin says. */
export function originText({ layer, file, line }: Origin, spelling: string): string {
  if (file !== undefined) return line === undefined ? file : `${file}:${line}`;
  if (layer === "process environment") return `environment variable ${spelling}`;
  if (layer === "command line") return `--set ${spelling}`;
  return layer;
}
