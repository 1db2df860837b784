import type { YamlFile } from "../documents/readYaml.ts";
import type { Application } from "./Application.ts";

/** Everything of an application's folder that a release is made from, as it was read. */
export interface ApplicationFolder {
  /** Relative to the project's root, for messages. */
  folder: string;
  application: Application;
  /** `FILE:LINE` in application.yaml. */
  where: YamlFile["where"];
  compose: ComposeFile;
  /** By path below the folder: templates, and every file of `files`. */
  sources: ReadonlyMap<string, SourceFile>;
}

export interface ComposeFile {
  text: string;
  data: Readonly<Record<string, unknown>>;
  where: YamlFile["where"];
}

export interface SourceFile {
  content: Uint8Array;
  executable: boolean;
}
