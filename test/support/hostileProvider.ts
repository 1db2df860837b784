import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One folder that somebody might put into a tree, by accident or not. */
export interface HostileProvider {
  /** What is wrong with it; unique. */
  what: string;
  /** As the folder is called, or as Node calls it where no text says it. */
  name: string;
  make(folder: string): void;
  /** `listed`: harmless as long as nothing is executed. `skipped`: no folder, or hidden. Else the reason that is shown. */
  expected: "listed" | "skipped" | RegExp;
}

export const manifest = (name: string, more = ""): string =>
  `contract: 1\nname: ${JSON.stringify(name)}\ntitle: A title\n${more}`;

export function writeManifest(folder: string, text: string | Buffer): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "provider.yaml"), text);
}
