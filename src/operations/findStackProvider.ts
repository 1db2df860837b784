import { dirname, join } from "node:path";
import { AppError } from "../errors.ts";
import { discoverProviders } from "../providers/discoverProviders.ts";
import { findProvider } from "../providers/findProvider.ts";
import { parseManifest } from "../providers/parseManifest.ts";
import type { Provider } from "../providers/Provider.ts";
import type { StackPaths } from "../stacks/stackPaths.ts";
import type { OperationContext } from "./OperationContext.ts";

/**
 * The provider's folder; where that is gone or broken, the copy that was kept when the stack was applied last,
 * so that a stack can always be looked at and destroyed.
 */
export async function findStackProvider(name: string, paths: StackPaths, context: OperationContext): Promise<Provider> {
  const { ports, workspace } = context;
  const discovery = await discoverProviders(
    workspace,
    ports.machine.environment["LANDFALL_PROVIDERS_PATH"],
    ports.files,
  );
  try {
    return findProvider(discovery, name, workspace);
  } catch (error) {
    const folder = join(paths.appliedTree, "providers", name);
    const file = join(folder, "provider.yaml");
    const text = await ports.files.read(file);
    if (text === undefined) throw error;
    ports.emit({
      type: "notice",
      level: "warning",
      code: "provider.fromCopy",
      message: `provider ${name} cannot be used: ${error instanceof AppError ? error.message : String(error)}`,
      hint: `the copy that was kept at the last apply is used: ${dirname(file)}`,
    });
    return { name, folder, manifest: parseManifest(text, file, name), origin: "copy" };
  }
}
