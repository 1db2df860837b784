import { join } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { readProviderFolder } from "../providers/discoverProviders.ts";
import { contentChanges, folderContent } from "../providers/folderContent.ts";
import { stageFolder, type StagedFolder } from "../providers/placeFolder.ts";
import { isProviderName } from "../providers/providerName.ts";
import { providersLockFile, readProvidersLock, writeProvidersLock } from "../providers/providersLock.ts";
import { readFolder } from "../providers/readFolder.ts";
import { manifestName, renamedFolder } from "../providers/renamedManifest.ts";
import { fetchSource } from "../providers/source/fetchSource.ts";
import { parseSource } from "../providers/source/parseSource.ts";
import { askToAccept } from "./askToAccept.ts";
import { holdProviders } from "./holdProviders.ts";
import type { OperationContext } from "./OperationContext.ts";

export interface AddOptions {
  source: string;
  name?: string | undefined;
  replace: boolean;
  yes: boolean;
}

export interface AddedProvider {
  provider: string;
  folder: string;
  source: string;
  hash: string;
  /** Where it is recorded. */
  lock: string;
  /** False where the same content was there already. */
  changed: boolean;
}

/** Copies somebody's provider folder into the tree and records where it came from. Executes nothing of it. */
export async function addProvider(options: AddOptions, context: OperationContext): Promise<AddedProvider> {
  const { ports, workspace } = context;
  const source = parseSource(options.source);
  const fetched = await fetchSource(source, workspace, { ...ports, interrupt: context.interrupt });
  const own = manifestName(fetched.files);
  const name = chosenName(options.name ?? own ?? fetched.name);
  const files = own === name ? fetched.files : renamedFolder(fetched.files, name);
  const content = folderContent(files);
  const folder = join(workspace.providers, name);
  const result = { provider: name, folder, source: fetched.source, hash: content.hash };
  const lock = providersLockFile(workspace);
  if ((await demandPlace(name, options, context)) === content.hash) return { ...result, lock, changed: false };

  const staged = await stageFolder(name, files, workspace, ports.files);
  try {
    await demandSound(name, fetched.source, staged, context);
    await askToAccept({ name, files, changes: [], ...result }, { yes: options.yes, action: "add" }, context);
    await holdProviders(context, async () => {
      await demandPlace(name, options, context);
      const recorded = new Map(await readProvidersLock(workspace, ports.files));
      // The record comes first: a folder without one would count as part of this repository.
      recorded.set(name, { source: fetched.source, ...content });
      await writeProvidersLock(workspace, recorded, ports.files);
      await staged.place();
    });
  } finally {
    await staged.remove();
  }
  return { ...result, lock, changed: true };
}

function chosenName(name: string): string {
  if (isProviderName(name)) return name;
  throw new AppError("provider.name", `${JSON.stringify(name)} cannot be the name of a provider`, {
    hint: "give one with --name: lower-case letters, digits and hyphens, at most 31, beginning with a letter",
    exit: exitCodes.usage,
  });
}

/** Throws where something stands in the place that must not be replaced; gives the hash of what may be, if anything. */
async function demandPlace(
  name: string,
  { replace }: AddOptions,
  { ports, workspace }: OperationContext,
): Promise<string | undefined> {
  const folder = join(workspace.providers, name);
  if ((await ports.files.status(folder)) === undefined) return undefined;
  const recorded = (await readProvidersLock(workspace, ports.files)).get(name);
  if (recorded === undefined) {
    throw exists(
      `${folder} is there already, and was not added from elsewhere`,
      "add it under another name: --name NAME",
    );
  }
  const current = folderContent(await readFolder(folder, ports.files));
  const changes = contentChanges(recorded.files, current.files);
  if (!replace && changes.length === 0) {
    throw exists(`provider ${name} was added already, from ${recorded.source}`, "to replace it, give --replace");
  }
  if (changes.length === 0) return current.hash;
  throw exists(
    `${folder} has changed since it was added from ${recorded.source}`,
    `keep the changes elsewhere, then: landfall provider remove ${name}`,
    changes,
  );
}

function exists(sentence: string, hint: string, changes: readonly string[] = []): AppError {
  const problems = changes.slice(0, 40).map((message) => ({ message }));
  return new AppError("provider.exists", sentence, { hint, exit: exitCodes.refused, problems });
}

async function demandSound(
  name: string,
  source: string,
  staged: StagedFolder,
  { ports }: OperationContext,
): Promise<void> {
  const read = await readProviderFolder(staged.path, ports.files);
  if (read !== undefined && !("reason" in read)) return;
  const problems = (read?.problems ?? []).map((problem) => ({
    ...problem,
    ...(problem.where === undefined ? {} : { where: problem.where.replace(`${staged.path}/`, "") }),
  }));
  throw new AppError(
    "provider.invalid",
    `what ${source} holds is no provider that can be used: ${read?.reason ?? "no folder"}`,
    {
      hint: `have provider ${name} mended where it comes from; nothing was added`,
      exit: exitCodes.usage,
      problems,
    },
  );
}
