import type { Problem } from "../errors.ts";
import type { Manifest } from "./Manifest.ts";

/** One provider folder that can be used. */
export interface Provider {
  name: string;
  /** Absolute, with every link resolved. */
  folder: string;
  manifest: Manifest;
  /** The user's tree, LANDFALL_PROVIDERS_PATH, or the copy that a stack kept of its last apply. */
  origin: "tree" | "path" | "copy";
}

/** One provider folder that cannot be used, and why. */
export interface BrokenProvider {
  name: string;
  folder: string;
  reason: string;
  /** `FILE:LINE` or `FILE`, where it can be mended. */
  where: string;
  problems: readonly Problem[];
}

/** What the directory scan found, in the order of the names. */
export interface Discovery {
  providers: Provider[];
  broken: BrokenProvider[];
  /** The directories that were looked into. */
  searched: readonly string[];
}
