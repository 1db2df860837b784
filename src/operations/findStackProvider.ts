import { join } from "node:path";
import { AppError } from "../errors.ts";
import { discoverProviders } from "../providers/discoverProviders.ts";
import { findProvider } from "../providers/findProvider.ts";
import { isPlanStyle } from "../providers/isPlanStyle.ts";
import type { Provider } from "../providers/Provider.ts";
import type { StackPaths } from "../stacks/stackPaths.ts";
import type { OperationContext } from "./OperationContext.ts";

/**
 * The provider's folder; where that is gone or broken, or with `fromCopy`, the copy that was kept when the stack was
 * applied last, so that a stack can always be looked at and destroyed.
 */
export async function findStackProvider(
  name: string,
  paths: StackPaths,
  fromCopy: boolean,
  context: OperationContext,
): Promise<Provider> {
  const { ports, workspace } = context;
  if (fromCopy) {
    const copy = await appliedProvider(name, paths, context);
    if (copy !== undefined) return copy;
  }
  const discovery = await discoverProviders(
    workspace,
    ports.machine.environment["LANDFALL_PROVIDERS_PATH"],
    ports.files,
  );
  try {
    return findProvider(discovery, name, workspace);
  } catch (error) {
    const copy = await appliedProvider(name, paths, context);
    if (copy === undefined) throw error;
    tellOfCopy(name, copy, error, context);
    return copy;
  }
}

/** The copy of a provider that the last apply of a stack left, if any. */
export async function appliedProvider(
  name: string,
  paths: StackPaths,
  { ports }: OperationContext,
): Promise<Provider | undefined> {
  const folder = join(paths.appliedTree, "providers", name);
  const file = join(folder, "provider.yaml");
  const text = await ports.files.read(file);
  if (await isPlanStyle(folder, ports.files)) {
    const { readPlanStyle } = await import("../providers/shell/readPlanStyle.ts");
    return { name, folder, manifest: await readPlanStyle(folder, name, ports.files), origin: "copy" };
  }
  if (text === undefined) return undefined;
  // Loaded only here: it brings the YAML and schema libraries.
  const { parseManifest } = await import("../providers/parseManifest.ts");
  return { name, folder, manifest: parseManifest(text, file, name), origin: "copy" };
}

export function tellOfCopy(name: string, copy: Provider, error: unknown, { ports }: OperationContext): void {
  ports.emit({
    type: "notice",
    level: "warning",
    code: "provider.fromCopy",
    message: `provider ${name} cannot be used: ${error instanceof AppError ? error.message : String(error)}`,
    hint: `the copy that was kept at the last apply is used: ${copy.folder}`,
  });
}
