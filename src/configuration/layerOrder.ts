import type { Layer } from "./StackConfiguration.ts";

/** Lowest first. */
export const layerOrder: readonly Layer[] = [
  "built-in",
  "application",
  "manifest",
  "provider file",
  "project file",
  "state file",
  "environment file",
  "process environment",
  "command line",
];
