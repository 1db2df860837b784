import { join } from "node:path";
import type { Problem } from "../../errors.ts";
import type { Ports } from "../../ports/Ports.ts";
import type { Manifest } from "../../providers/Manifest.ts";
import type { Workspace } from "../../Workspace.ts";
import { createNames } from "../createNames.ts";
import { unknownEnvironment } from "../environmentErrors.ts";
import { gitStanding } from "../gitStanding.ts";
import { invalidConfiguration } from "../invalidConfiguration.ts";
import { environmentNames } from "../environmentNames.ts";
import { otherProviders } from "../otherProviders.ts";
import { readEnvFile } from "../readEnvFile.ts";
import { askOpenValues } from "./askOpenValues.ts";
import { trackedFiles, unusableAssignments } from "./configureErrors.ts";
import { isNeeded, type EnvDraft } from "./EnvDraft.ts";
import { completeTemplate } from "./manifestTemplate.ts";
import { maskedDiff } from "./maskedDiff.ts";
import { mentionedIn } from "./namesIn.ts";
import { openValues, type OpenValue } from "./openValues.ts";
import { placeAssignments, type Owner } from "./placeAssignments.ts";
import { problemsOfValues, wantsStateKey } from "./problemsOfValues.ts";
import { readDraft } from "./readDraft.ts";
import { readReferences } from "./readReferences.ts";
import { addStateKey, startDraft } from "./startDraft.ts";
import { unusedKeys, type UnusedKey } from "./unusedKeys.ts";
import { writeDrafts } from "./writeDrafts.ts";

export interface ConfigureRequest {
  workspace: Workspace;
  environment: string;
  /** Also configures the file of this provider. Its name is empty where only the environment is configured. */
  manifest: Manifest;
  /** Where the provider's folder may bring a template of its own. */
  folderTemplate?: string;
  /** Of every provider that there is: whose setting a key is. */
  manifests: readonly Manifest[];
  /** From `parseAssignments`. */
  assignments: ReadonlyMap<string, string>;
  /** Shows what would be written, and asks nothing. */
  dryRun: boolean;
}

export interface ConfiguredFile {
  /** Relative to the root. */
  file: string;
  /** Whether it was not there before. */
  created: boolean;
  /** Whether anything was, or would be, written. */
  written: boolean;
  /** Keys that the template gained. */
  added: readonly string[];
  /** Keys that were given a value. */
  changed: readonly string[];
  generated: readonly string[];
  open: readonly OpenValue[];
  unused: readonly UnusedKey[];
  /** Of a dry run: the difference, secrets masked. */
  diff?: string;
}

export interface Configured {
  files: readonly ConfiguredFile[];
  /** Set where the provider needs no file: every setting has a default. */
  unneeded?: string;
}

/**
 * Makes or completes the file of an environment, and that of a provider. Throws before anything is written:
 * `environment.unknown`, `configuration.invalid` for files that cannot be read, `configuration.assignment`,
 * `configuration.tracked`, `configure.stopped`, `configure.changed`.
 */
export async function configureFiles(request: ConfigureRequest, ports: Ports): Promise<Configured> {
  const { workspace, environment, manifest, manifests, assignments, dryRun } = request;
  const owners = await Promise.all(manifests.map((one) => ownerOf(one, workspace, ports)));
  const { names } = await ownerOf(manifest, workspace, ports);
  const chosen = owners.find(({ name }) => name === manifest.name);

  const drafts = await readDrafts(request, ports);
  const templates = drafts.map(({ of, template }) =>
    of === "provider" ? completeTemplate(template ?? "", manifest, names) : (template ?? ""),
  );
  const known = drafts.map((draft, index) => ({ ...draft, template: templates[index] }));
  const placement = placeAssignments(assignments, known, names, chosen, owners);
  const stateFile = await readEnvFile(workspace.stateConfiguration, workspace, ports);
  const context = { environment, manifest, names, stateFile, home: ports.machine.home, root: workspace.root };
  const started = drafts.map((draft, index) => startDraft(draft, templates[index] ?? "", placement[draft.of], names));
  const placed = new Map([...placement.environment, ...placement.provider]);
  const problems = [...placement.problems, ...problemsOfValues(placed, { ...context, drafts: started })];
  if (problems.length > 0) throw unusableAssignments(problems);

  const wantsKey = wantsStateKey({ ...context, drafts: started });
  const needed = started
    .filter(isNeeded)
    .map((draft) => (wantsKey && draft.of === "environment" ? addStateKey(draft, names) : draft));
  await checkGit(needed, ports);
  const final = dryRun || !ports.terminal.interactive ? needed : await askOpenValues(needed, context, ports);
  if (!dryRun) await writeDrafts(final, names, ports);

  const referred = new Set([
    ...(await readReferences(workspace, ports)),
    ...final.flatMap(({ text }) => mentionedIn(text)),
  ]);
  const unneeded = started.find((draft) => !isNeeded(draft));
  return {
    files: final.map((draft) => describe(draft, draft.of === "provider" && chosen !== undefined ? [chosen] : owners)),
    ...(unneeded === undefined ? {} : { unneeded: unneeded.file }),
  };

  function describe(draft: EnvDraft, used: readonly Owner[]): ConfiguredFile {
    const { file, before, text, added, changed, generated } = draft;
    return {
      file,
      created: before === undefined,
      written: before !== text,
      added,
      changed,
      generated,
      open: openValues(draft),
      unused: unusedKeys(draft, used, referred),
      ...(dryRun ? { diff: maskedDiff(draft, names) } : {}),
    };
  }
}

async function ownerOf(manifest: Manifest, workspace: Workspace, { files }: Ports): Promise<Owner> {
  const { name } = manifest;
  return { name, names: createNames(manifest, await otherProviders(workspace, name, files)) };
}

async function readDrafts(
  { workspace, environment, manifest, folderTemplate }: ConfigureRequest,
  ports: Ports,
): Promise<EnvDraft[]> {
  const { environmentConfiguration, providerConfiguration } = workspace;
  const own = await readDraft("environment", join(environmentConfiguration, `${environment}.env`), workspace, ports);
  if (own.draft.before === undefined && own.draft.template === undefined && own.problems.length === 0) {
    throw unknownEnvironment(environment, own.draft.file, await environmentNames(workspace, ports.files));
  }
  const path = join(providerConfiguration, `${manifest.name}.env`);
  const read = [
    own,
    ...(manifest.name === "" ? [] : [await readDraft("provider", path, workspace, ports, folderTemplate)]),
  ];
  const problems: Problem[] = read.flatMap((one) => one.problems);
  if (problems.length > 0) {
    throw invalidConfiguration(environment, problems, "correct what is listed, then run the same command again");
  }
  return read.map(({ draft }) => draft);
}

/** Refuses to write secrets into what git tracks, and tells of what it does not ignore. */
async function checkGit(drafts: readonly EnvDraft[], ports: Ports): Promise<void> {
  const standings = await Promise.all(
    drafts.map(async ({ path, file }) => ({ path, file, standing: await gitStanding(path, ports) })),
  );
  const tracked = standings.filter(({ standing }) => standing === "tracked");
  if (tracked.length > 0) throw trackedFiles(tracked.map(({ file }) => file));
  for (const { file, standing } of standings) {
    if (standing !== "addable") continue;
    ports.emit({
      type: "notice",
      level: "warning",
      code: "configuration.not-ignored",
      message: `git does not ignore ${file}: it would be committed with the next git add`,
      hint: `write /${file} into .gitignore`,
    });
  }
}
