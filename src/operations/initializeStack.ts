import { join, relative } from "node:path";
import type { Engine } from "../engine/createEngine.ts";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Files } from "../ports/Files.ts";
import { checkModule } from "../providers/checkModule.ts";
import type { ModuleWrapper } from "../providers/ModuleWrapper.ts";
import type { Provider } from "../providers/Provider.ts";
import { settingTypes, type SettingTypes } from "../providers/settingTypes.ts";
import { initNeeded } from "../stacks/initNeeded.ts";
import { readInitStamp } from "../stacks/initStamp.ts";
import { moduleTreeHash } from "../stacks/moduleTreeHash.ts";
import { recordInit } from "../stacks/recordInit.ts";
import { checkSettingTypes } from "./checkSettingTypes.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";

/**
 * Has the engine initialize the stack's directory where module tree, plugins or backend changed; before that the module
 * and the values of its settings are judged.
 */
export async function initializeStack(
  loaded: LoadedStack,
  engine: Engine,
  wrapper: ModuleWrapper | undefined,
  { ports: { files } }: Pick<OperationContext, "ports">,
): Promise<void> {
  const { paths, provider } = loaded;
  // The engine notes where each module stands, so the same files in another place need another init.
  const place = relative(paths.directory, provider.folder);
  const backend = (await files.read(paths.backend)) ?? "";
  const hash = `${await moduleTreeHash(paths, provider, files)} ${place} ${backend}`;
  const needed = await initNeeded(paths, hash, files);
  const kept = needed ? undefined : (await readInitStamp(paths, files))?.settings;
  const types = wrapper === undefined ? (kept ?? (await typesOfModule(provider, engine))) : {};
  checkSettingTypes(loaded, types);
  if (needed) {
    // The engine forgets the former backend: it never carries a state to another one by itself.
    await files.remove(join(paths.directory, ".terraform", "terraform.tfstate"));
    await forgetPlaces(paths, place, files);
    await engine.init();
  }
  if (kept === undefined) await recordInit(paths, hash, types, files);
}

/** The engine goes on reading modules where it first found them, as long as there are any: a copy would not be used. */
async function forgetPlaces({ directory }: LoadedStack["paths"], place: string, files: Files): Promise<void> {
  const list = join(directory, ".terraform", "modules", "modules.json");
  const text = await files.read(list);
  if (text !== undefined && !text.includes(JSON.stringify(place))) await files.remove(list);
}

/** Throws AppError `provider.module` where the module does not keep the contract. */
async function typesOfModule(provider: Provider, engine: Engine): Promise<SettingTypes> {
  const description = await engine.moduleDescription(provider.folder);
  const problems = checkModule(description, provider);
  if (problems.length === 0) return settingTypes(description);
  throw new AppError("provider.module", `the module of provider ${provider.name} breaks the contract`, {
    hint: `mend the files in ${provider.folder}`,
    exit: exitCodes.usage,
    problems,
  });
}
