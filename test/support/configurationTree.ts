import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { parseEnvFile } from "../../src/configuration/parseEnvFile.ts";
import { landfall, type Outcome } from "./landfall.ts";
import { makeTree, type Tree } from "./makeTree.ts";

export const environments = "infrastructure/config/environments";
export const providers = "infrastructure/config/providers";

/** What a protected environment needs besides; a public key belongs to no secret here. */
export const sshKey =
  "SSH_PUBLIC_KEY=ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8qY0R9x0m9v1y9m6M0wX3cQyJm0s3i0p0v1y2b3c4d test";

/** What only a person knows of production. */
export const personal = [
  "DOMAIN_NAME=tracker.torrust.dev",
  "CERTBOT_EMAIL=admin@torrust.dev",
  "ENABLE_SSL=true",
  sshKey,
];

/** One file of the result of `landfall configure --json`. */
interface ConfiguredFile {
  file: string;
  created: boolean;
  written: boolean;
  added: string[];
  changed: string[];
  generated: string[];
  open: { where: string; key: string }[];
  unused: { where: string; key: string; suggestion?: string }[];
}

/** A user's tree, and short ways to configure it and to look at what came of it. Names of files are relative to it. */
export async function configurationTree() {
  const tree: Tree = await makeTree();
  const path = (file: string): string => join(tree.root, file);
  const run = (...argv: string[]): Promise<Outcome> => landfall(tree.root, argv);
  const read = (file: string): Promise<string> => readFile(path(file), "utf8");
  return {
    ...tree,
    path,
    run,
    read,
    write: (file: string, text: string): Promise<void> => writeFile(path(file), text, { mode: 0o600 }),
    modeOf: async (file: string): Promise<number> => (await stat(path(file))).mode & 0o777,
    /** What the settings of a file say, references left out. */
    async values(file: string): Promise<Record<string, string>> {
      const { entries, problems } = parseEnvFile(await read(file), file);
      expect(problems).toEqual([]);
      return Object.fromEntries(
        entries.map(({ key, parts }) => [
          key,
          (parts ?? []).map((part) => (part.kind === "text" ? part.text : "")).join(""),
        ]),
      );
    },
    /** Of a run that has to succeed. */
    async configured(...argv: string[]): Promise<ConfiguredFile[]> {
      const outcome = await run("configure", ...argv, "--json");
      expect(outcome.status, outcome.stdout).toBe(0);
      return outcome.result["files"] as ConfiguredFile[];
    },
  };
}

export type ConfigurationTree = Awaited<ReturnType<typeof configurationTree>>;

/** As arguments. */
export function sets(...assignments: string[]): string[] {
  return assignments.flatMap((assignment) => ["--set", assignment]);
}
