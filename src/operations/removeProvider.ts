import { join } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { contentChanges, folderContent } from "../providers/folderContent.ts";
import { removeFolder } from "../providers/placeFolder.ts";
import { readProvidersLock, writeProvidersLock } from "../providers/providersLock.ts";
import { readFolder } from "../providers/readFolder.ts";
import { existingStacks } from "./existingStacks.ts";
import { holdProviders } from "./holdProviders.ts";
import type { OperationContext } from "./OperationContext.ts";

export interface RemovedProvider {
  provider: string;
  folder: string;
  source: string;
}

/** Removes a provider that was added, and its record. One that has stacks, or that this repository owns, stays. */
export async function removeProvider(
  { name, yes }: { name: string; yes: boolean },
  context: OperationContext,
): Promise<RemovedProvider> {
  const { ports, workspace } = context;
  const folder = join(workspace.providers, name);
  const recorded = (await readProvidersLock(workspace, ports.files)).get(name);
  if (recorded === undefined) {
    const there = await ports.files.exists(folder);
    throw new AppError("provider.notAdded", `provider ${name} was not added from elsewhere, so it is not removed`, {
      hint: there ? `the folder belongs to this repository: remove it there (git rm)` : `there is no ${folder}`,
      exit: exitCodes.usage,
    });
  }
  const stacks = (await existingStacks(context)).filter(({ provider }) => provider === name).map((stack) => stack.name);
  if (stacks.length > 0) {
    throw new AppError("provider.inUse", `provider ${name} has stacks: ${stacks.join(", ")}`, {
      hint: `destroy them first: ${stacks.map((stack) => `landfall destroy ${stack}`).join("; ")}`,
      exit: exitCodes.refused,
    });
  }
  await agreeToLoss(name, recorded.files, { folder, yes }, context);
  await holdProviders(context, async () => {
    await removeFolder(name, workspace, ports.files);
    const lock = new Map(await readProvidersLock(workspace, ports.files));
    lock.delete(name);
    await writeProvidersLock(workspace, lock, ports.files);
  });
  return { provider: name, folder, source: recorded.source };
}

/** What was changed here exists nowhere else. */
async function agreeToLoss(
  name: string,
  recorded: Readonly<Record<string, string>>,
  { folder, yes }: { folder: string; yes: boolean },
  { ports }: OperationContext,
): Promise<void> {
  if (yes || !(await ports.files.exists(folder))) return;
  const changes = contentChanges(recorded, folderContent(await readFolder(folder, ports.files)).files);
  if (changes.length === 0) return;
  if (ports.terminal.interactive) {
    const answer = await ports.terminal.ask(`${changes.join("\n")}\nRemove ${name} with these changes? [y/N] `);
    if (answer !== undefined && ["y", "yes"].includes(answer.toLowerCase())) return;
  }
  throw new AppError("provider.changed", `${folder} has changed since it was added; nothing was removed`, {
    hint: "keep the changes elsewhere, then run the same command with --yes",
    exit: exitCodes.refused,
    problems: changes.slice(0, 40).map((message) => ({ message })),
  });
}
