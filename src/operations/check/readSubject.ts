import { join, sep } from "node:path";
import { createNames } from "../../configuration/createNames.ts";
import { splitEnvText } from "../../configuration/configure/splitEnvText.ts";
import { knownVariables } from "../../configuration/knownVariables.ts";
import { parseEnvFile } from "../../configuration/parseEnvFile.ts";
import { providerVariable } from "../../configuration/providerVariable.ts";
import type { Subject, SubjectFile } from "../../conformance/Subject.ts";
import { createEngine } from "../../engine/createEngine.ts";
import { engineVersion, oldestEngine } from "../../engine/toolchain/engineVersion.ts";
import { locateEngine } from "../../engine/toolchain/locateEngine.ts";
import { readGoRecipe } from "../../engine/toolchain/goRecipe.ts";
import { AppError, type Problem } from "../../errors.ts";
import type { Files } from "../../ports/Files.ts";
import { chooseOffer } from "../../providers/catalog/chooseOffer.ts";
import { readCatalog } from "../../providers/catalog/readCatalog.ts";
import { checkModule } from "../../providers/checkModule.ts";
import { checkSettingSamples } from "../../providers/checkSettingSamples.ts";
import type { Manifest } from "../../providers/Manifest.ts";
import { manifestLimits } from "../../providers/manifestSize.ts";
import { parseManifest } from "../../providers/parseManifest.ts";
import { readYaml } from "../../documents/readYaml.ts";
import { settingTypes } from "../../providers/settingTypes.ts";
import { standardInputs } from "../../providers/standardInputs.ts";
import type { OperationContext } from "../OperationContext.ts";

/**
 * Reads everything of a folder that static rules look at. Executes nothing of it.
 *
 * @param name by which the folder is found: a link to it may have another than it has itself
 */
export async function readSubject(
  { name, folder, template }: { name: string; folder: string; template: string | undefined },
  context: OperationContext,
): Promise<Subject> {
  const { files } = context.ports;
  const [list, manifest] = await Promise.all([readFiles(folder, files), readManifest(folder, name, files)]);
  const value = manifest.value;
  const [module, catalog, recipe, templateText] = await Promise.all([
    readModule(folder, manifest, context),
    value?.catalog === undefined
      ? { problems: [] }
      : caught(
          () => readCatalog({ name, folder }, files),
          (problem, problems) => ({ problems: problems.length > 0 ? problems : [problem] }),
        ),
    caught(
      () => readGoRecipe(join(folder, "plugin"), files),
      (problem) => ({ problem: { ...problem, where: join(folder, "plugin", "go.mod") } }),
    ),
    template === undefined ? undefined : files.read(template),
  ]);
  const found = "value" in catalog ? catalog.value : undefined;
  return {
    name,
    folder,
    files: list,
    manifest,
    standardInputs: standardInputs.map((input) => input.name),
    engines: [oldestEngine, engineVersion],
    module,
    catalog: {
      problems: "problems" in catalog ? catalog.problems : [],
      ...(found === undefined ? {} : { value: found }),
      choose: (need) => (found === undefined ? undefined : chooseOffer(found, need)),
    },
    recipe: "problem" in recipe ? recipe : recipe.value === undefined ? {} : { value: recipe.value },
    ...(templateText === undefined || value === undefined
      ? {}
      : { template: readTemplate(templateText, `${name}.env.tpl`, value) }),
  };
}

const mostEntries = 2000;
const mostText = 1024 * 1024;

async function readFiles(folder: string, files: Files): Promise<SubjectFile[]> {
  const found: SubjectFile[] = [];
  const visit = async (below: string): Promise<void> => {
    for (const name of (await files.list(join(folder, below))) ?? []) {
      const path = join(below, name);
      const status = await files.status(join(folder, path));
      if (status === undefined || found.length > mostEntries || name === ".git") continue;
      const { kind, size, mode } = status;
      if (kind === "link") {
        const real = await files.realPath(join(folder, path));
        found.push({ path, kind, size, mode, inside: real?.startsWith(folder + sep) === true });
      } else if (kind === "file" && size <= mostText) {
        const text = await files.read(join(folder, path));
        found.push({ path, kind, size, mode, ...(text === undefined ? {} : { text }) });
      } else {
        found.push({ path, kind, size: kind === "file" ? size : 0, mode });
        if (kind === "directory") await visit(path);
      }
    }
  };
  await visit("");
  return found;
}

async function readManifest(folder: string, name: string, files: Files): Promise<Subject["manifest"]> {
  const file = join(folder, "provider.yaml");
  const text = await files.read(file).catch(() => undefined);
  if (text === undefined) {
    const missing = { message: "there is no provider.yaml", where: file, hint: "write one" };
    return { problems: [missing], data: undefined, where: () => file };
  }
  const yaml = readYaml(text, file, manifestLimits);
  const read = await caught(
    async () => parseManifest(text, file, name),
    (_problem, problems) => ({ problems }),
  );
  return "problems" in read
    ? { ...read, data: yaml.data, where: yaml.where }
    : { problems: [], data: yaml.data, value: read.value, where: yaml.where };
}

async function readModule(
  folder: string,
  { value: manifest, where }: Subject["manifest"],
  { ports, workspace }: OperationContext,
): Promise<Subject["module"]> {
  const engine = await locateEngine(workspace, ports);
  if (engine === undefined) return { problems: [], untested: "there is no engine yet: landfall setup" };
  const { moduleDescription } = createEngine({ program: engine.program, directory: folder, environment: {} }, ports);
  const read = await caught(
    () => moduleDescription(folder),
    (problem, problems) => ({ failure: problems[0] ?? problem }),
  );
  if ("failure" in read) {
    const { where: place = folder, ...failure } = read.failure;
    // What is not in the folder was never fetched: a rule of its own forbids that.
    if (/module not installed|module source address/i.test(failure.message))
      return { problems: [], untested: "the module needs other modules" };
    return { problems: [], failure: { ...failure, where: place } };
  }
  if (manifest === undefined) return { description: read.value, problems: [] };
  const samples = checkSettingSamples(settingTypes(read.value), manifest, where);
  return { description: read.value, problems: [...checkModule(read.value, { folder, manifest }), ...samples] };
}

function readTemplate(text: string, file: string, manifest: Manifest): NonNullable<Subject["template"]> {
  const { problems } = parseEnvFile(text, file);
  const names = createNames(manifest, []);
  const known = new Set([...knownVariables, "VM_MEMORY_DEFAULT", "VM_VCPUS_DEFAULT", "VM_DISK_SIZE_DEFAULT"]);
  let line = 1;
  const keys = (problems.length > 0 ? [] : splitEnvText(text)).flatMap((piece) => {
    const where = `${file}:${line}`;
    line += piece.text.split("\n").length - 1;
    const key = piece.key ?? piece.commented;
    return key === undefined ? [] : [{ key: names.canonical(key), where, commented: piece.key === undefined }];
  });
  return {
    problems,
    keys,
    known: (key) => known.has(key) || names.settings.includes(key),
    variable: (setting) => providerVariable(manifest.name, setting),
  };
}

/** What was read, or what a user would be told. */
async function caught<T, F>(
  read: () => Promise<T>,
  failed: (problem: Problem, problems: readonly Problem[]) => F,
): Promise<{ value: T } | F> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return failed({ message: error.message, hint: error.hint }, error.problems);
  }
}
