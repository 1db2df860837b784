import { join, relative } from "node:path";
import type { Files } from "../../ports/Files.ts";
import type { Manifest } from "../../providers/Manifest.ts";
import type { Workspace } from "../../Workspace.ts";
import { findEnvFile } from "../findEnvFile.ts";
import { generateSecret } from "../generateSecret.ts";
import { protectedByDefault } from "../protectedByDefault.ts";
import { EnvText, literal } from "./EnvText.ts";
import type { Note, PlannedFile } from "./Migration.ts";
import type { OldTree } from "./readOldTree.ts";
import { settingNames, type SettingNames } from "./settingNames.ts";
import { translateTree, type Translated } from "./translateTree.ts";

/** Files that were taken over begin so: a second migration recognizes them, whatever was edited since. */
const header =
  "# Taken over from the shell version by landfall migrate. It is yours to edit; it is never written again.\n";

/** What becomes of every old file. Reads the new tree, writes nothing. */
export async function planFiles(
  tree: OldTree,
  providers: readonly Pick<Manifest, "name" | "settings">[],
  workspace: Workspace,
  files: Files,
): Promise<{ steps: PlannedFile[]; left: readonly Note[] }> {
  const names = settingNames(providers);
  const inPlace = await isSame(tree.root, workspace.root, files);
  const { files: translated, left } = translateTree(tree, names, inPlace);
  const known = new Set(providers.map(({ name }) => name));
  const steps: PlannedFile[] = [];
  for (const file of translated) {
    if (file.from.length === 0) continue;
    steps.push(unusable(file, known) ?? (await stepOf(file, names, workspace, files)));
  }
  for (const { file, by } of tree.superseded) {
    steps.push({ action: "leave", from: [file], why: `${by} stands for the same environment`, notes: [] });
  }
  return { steps: steps.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)), left };
}

function order({ to, from }: PlannedFile): string {
  return to ?? `~${from[0] ?? ""}`;
}

function unusable({ kind, name, from }: Translated, known: ReadonlySet<string>): PlannedFile | undefined {
  if (kind === "provider" && !known.has(name)) {
    return {
      action: "leave",
      from,
      why: `there is no provider ${name} here: add its folder to infrastructure/terraform/providers, then migrate again`,
      notes: [],
    };
  }
  if (kind === "environment" && !/^[a-z][a-z0-9-]{0,30}$/.test(name)) {
    return {
      action: "leave",
      from,
      why: "a name of an environment has lower-case letters, digits and hyphens, at most 31",
      notes: [],
    };
  }
  return undefined;
}

async function stepOf(file: Translated, names: SettingNames, workspace: Workspace, files: Files): Promise<PlannedFile> {
  const { kind, name, from, notes, added, content } = file;
  const path = join(
    kind === "environment" ? workspace.environmentConfiguration : workspace.providerConfiguration,
    `${name}.env`,
  );
  const to = relative(workspace.root, path);
  if (file.path !== undefined && (await isSame(file.path, path, files))) {
    const wanted = [...added].map(([key, { value, from: source }]): Note => ({
      where: source,
      key,
      message: "is not in this file",
      hint: `add ${key}=${names.secret(key) ? "with the value from there" : value}`,
    }));
    if (needsKey(file)) wanted.push(keyAdvice(to, name));
    return { action: "keep", from, to, notes: [...notes, ...wanted] };
  }
  if (needsKey(file)) {
    content.append(
      "The state is encrypted, since it holds private keys. Keep this key: without it the state is lost.",
      [["STATE_ENCRYPTION_KEY", generateSecret()]],
    );
    notes.push({
      where: to,
      key: "STATE_ENCRYPTION_KEY",
      message: "is new: the state of a protected environment is encrypted",
    });
  }
  for (const source of new Set([...added.values()].map(({ from }) => from))) {
    const values = [...added].filter(([, { from: own }]) => own === source);
    content.append(
      `From ${source}:`,
      values.map(([key, { value }]) => [key, value]),
    );
  }
  const text = header + content.text;
  const found = await findEnvFile(path, workspace, files);
  if (found !== undefined && found.path !== path) {
    const why = `${relative(workspace.root, found.path)} says the same environment's or provider's values already`;
    return { action: "conflict", from, to, why, notes: [] };
  }
  const existing = await files.read(path);
  if (existing === undefined) return { action: "write", from, to, path, content: text, notes };
  if (existing === text || existing.startsWith(header)) return { action: "same", from, to, notes: [] };
  const there = new EnvText(existing, to);
  const missing = content.entries.filter(({ key }) => there.entry(key) === undefined).map(({ key }) => key);
  return {
    action: "conflict",
    from,
    to,
    why: `${to} exists already and was not made by a migration${missing.length === 0 ? "" : `; it has no ${missing.join(", ")}`}`,
    notes: [],
  };
}

function keyAdvice(where: string, environment: string): Note {
  return {
    where,
    key: "STATE_ENCRYPTION_KEY",
    message: "is not in this file: the state of a protected environment is encrypted",
    hint: `landfall configure ${environment} adds one`,
  };
}

function needsKey({ kind, name, content }: Translated): boolean {
  const given = literal(content.entry("PROTECTED")?.parts);
  const isProtected = given === undefined ? protectedByDefault(name) : given !== "false";
  return kind === "environment" && isProtected && content.entry("STATE_ENCRYPTION_KEY") === undefined;
}

async function isSame(one: string, other: string, files: Files): Promise<boolean> {
  if (one === other) return true;
  const [first, second] = await Promise.all([files.realPath(one), files.realPath(other)]);
  return first !== undefined && first === second;
}
