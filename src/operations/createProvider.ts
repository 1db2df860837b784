import { basename, join, relative, resolve } from "node:path";
import { AppError, type Problem } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { readProviderFolder } from "../providers/discoverProviders.ts";
import { stageFolder } from "../providers/placeFolder.ts";
import { isProviderName } from "../providers/providerName.ts";
import { providersLockFile, readProvidersLock } from "../providers/providersLock.ts";
import { readFolder } from "../providers/readFolder.ts";
import { renameScaffold, renameScaffoldFiles, scaffoldName } from "../providers/scaffold.ts";
import { shellQuote } from "../remote/shellQuote.ts";
import { templateIn } from "../providers/templateIn.ts";
import { holdProviders } from "./holdProviders.ts";
import { listProviders } from "./listProviders.ts";
import type { OperationContext } from "./OperationContext.ts";

export interface NewProvider {
  provider: string;
  /** Relative to the root where it is in the tree. */
  folder: string;
  /** Relative to the folder. */
  files: readonly string[];
  /** Template of its settings, relative to the root where it is in the tree; a folder elsewhere has it in itself. */
  template: string;
  inTree: boolean;
  /** What `landfall provider check` takes, as a word of a shell. */
  subject: string;
}

/**
 * Makes the folder of a new provider after the scaffold: in the tree with its template, or in `parent`. It keeps the
 * contract at levels static and plan as it is. Overwrites nothing; throws AppError `provider.new` with every reason.
 */
export async function createProvider(
  { name, parent }: { name: string; parent?: string | undefined },
  context: OperationContext,
): Promise<NewProvider> {
  return holdProviders(context, async () => {
    const place = await findPlace(parent, context);
    const problems = [...place.problems, ...(await nameProblems(name, place, context))];
    if (problems.length > 0) throw refused(name, problems);
    return makeFolder(name, place, context);
  });
}

interface Place {
  path: string;
  inTree: boolean;
  problems: readonly Problem[];
}

async function findPlace(parent: string | undefined, { ports, workspace }: OperationContext): Promise<Place> {
  const { providers } = workspace;
  if (parent === undefined) return { path: providers, inTree: true, problems: [] };
  const path = resolve(parent);
  const real = await ports.files.realPath(path);
  if (real === undefined || (await ports.files.status(real))?.kind !== "directory") {
    const hint = "make it first, or leave --in out";
    return { path, inTree: false, problems: [{ message: `there is no folder ${path}`, hint }] };
  }
  return { path: real, inTree: real === (await ports.files.realPath(providers)), problems: [] };
}

/** Why a provider cannot have that name there. */
async function nameProblems(
  name: string,
  { path, inTree }: Place,
  context: OperationContext,
): Promise<readonly Problem[]> {
  const { ports, workspace } = context;
  if (!isProviderName(name)) {
    const hint = "lower-case letters, digits and hyphens, at most 31, beginning with a letter";
    return [{ message: `${JSON.stringify(name)} cannot be the name of a provider`, hint }];
  }
  const hint = "choose another name";
  const { providers, broken } = await listProviders(context);
  const namesake = [...providers, ...broken].find((provider) => provider.name === name);
  const folder = join(path, name);
  const recorded = (await readProvidersLock(workspace, ports.files)).get(name);
  const taken: Problem[] = [];
  if ((await ports.files.status(folder)) !== undefined) taken.push({ message: `${folder} is there already`, hint });
  if (namesake !== undefined && namesake.folder !== folder) {
    taken.push({ message: `there is a provider ${name} already: ${namesake.folder}`, hint });
  }
  if (recorded !== undefined && namesake === undefined) {
    const message = `${name} is recorded in ${providersLockFile(workspace)} as added from ${recorded.source}`;
    taken.push({ message, hint: `choose another name, or: landfall provider remove ${name}` });
  }
  for (const file of inTree ? [`${name}.env.tpl`, `${name}.env`] : []) {
    const left = join(workspace.providerConfiguration, file);
    if ((await ports.files.status(left)) === undefined) continue;
    taken.push({ message: `${left} is there already`, hint: "choose another name, or move that file away" });
  }
  return taken;
}

async function makeFolder(name: string, { path, inTree }: Place, context: OperationContext): Promise<NewProvider> {
  const { packageRoot, ports, workspace } = context;
  const scaffold = join(packageRoot, "scaffold");
  const module = renameScaffoldFiles(await readFolder(join(scaffold, scaffoldName), ports.files), name);
  const scaffoldTemplate = await ports.files.read(join(scaffold, `${scaffoldName}.env.tpl`));
  if (module.length === 0 || scaffoldTemplate === undefined) throw new Error(`there is no scaffold in ${scaffold}`);
  const templateText = renameScaffold(scaffoldTemplate, name);
  const folder = join(path, name);
  const template = inTree ? join(workspace.providerConfiguration, `${name}.env.tpl`) : templateIn(folder, name);
  const ofFolder = { path: basename(template), bytes: new TextEncoder().encode(templateText), executable: false };
  const files = inTree ? module : [...module, ofFolder];
  const staged = await stageFolder(name, files, { providers: path }, ports.files);
  try {
    const read = await readProviderFolder(staged.path, ports.files);
    // Variables of some names steer programs, such as LD_TOKEN.
    if (read === undefined || "reason" in read) throw refused(name, manifestProblems(read?.problems, name));
    // A folder without its template is complete, a template without its folder is not.
    await staged.place();
    try {
      if (inTree) await ports.files.write(template, templateText, 0o644);
    } catch (error) {
      await ports.files.remove(folder);
      throw error;
    }
  } finally {
    await staged.remove();
  }
  return {
    provider: name,
    folder: inTree ? relative(workspace.root, folder) : folder,
    files: files.map((file) => file.path),
    template: inTree ? relative(workspace.root, template) : template,
    inTree,
    subject: inTree ? name : shellQuote(folder),
  };
}

function manifestProblems(problems: readonly Problem[] = [], name: string): Problem[] {
  return problems.map(({ message }) => ({
    message: `the scaffold cannot be named ${name}: ${message}`,
    hint: "choose another name",
  }));
}

function refused(name: string, problems: readonly Problem[]): AppError {
  return new AppError("provider.new", `no provider ${JSON.stringify(name)} was made`, {
    hint: "correct what is listed, then run the same command again",
    exit: exitCodes.usage,
    problems,
  });
}
