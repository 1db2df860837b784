import { join } from "node:path";
import { asciiJson } from "../asciiJson.ts";
import type { Files } from "../ports/Files.ts";
import type { Ports } from "../ports/Ports.ts";
import type { Provider } from "../providers/Provider.ts";
import type { Workspace } from "../Workspace.ts";
import { linkModuleTree } from "./linkModuleTree.ts";
import { restoreAppliedTree } from "./restoreAppliedTree.ts";
import type { Stack } from "./Stack.ts";
import type { StackPaths } from "./stackPaths.ts";

interface StackDirectoryRequest {
  workspace: Workspace;
  stack: Stack;
  paths: StackPaths;
  provider: Provider;
  /** Inputs of the root module, in the order in which they are written. No secrets. */
  variables: Readonly<Record<string, unknown>>;
  /** Text of the backend file; undefined where the state is kept in the directory itself. */
  backend?: string | undefined;
  /** Text of a module that stands around the provider's own. */
  wrapper?: string | undefined;
}

/**
 * Makes the stack's directory what the engine needs: links to the root module and to the one provider, input values,
 * and the provider's plugin checksums where the stack has none yet. Writes only what differs.
 */
export async function prepareStackDirectory(
  { workspace, stack, paths, provider, variables, backend, wrapper }: StackDirectoryRequest,
  { files }: Pick<Ports, "files">,
): Promise<{ changed: boolean }> {
  const made = await makePrivate(paths.directory, files);
  const linked =
    provider.origin === "copy"
      ? await restoreAppliedTree(paths, stack.provider, wrapper, files)
      : await linkModuleTree(
          paths,
          {
            root: workspace.terraform,
            providerName: provider.name,
            providerFolder: provider.folder,
            outside: provider.origin === "path",
            wrapper,
          },
          files,
        );
  const written = await writeIfDifferent(paths.variables, `${asciiJson(variables)}\n`, files);
  if (backend === undefined) await files.remove(paths.backend);
  const placed = backend !== undefined && (await writeIfDifferent(paths.backend, backend, files));
  const locked = await takeLock(provider.folder, paths, files);
  return { changed: made || linked || written || placed || locked };
}

async function makePrivate(directory: string, files: Files): Promise<boolean> {
  const before = await files.status(directory);
  if (before === undefined) await files.makeDirectory(directory);
  else if (before.mode !== 0o700) await files.chmod(directory, 0o700);
  return before?.mode !== 0o700;
}

async function writeIfDifferent(path: string, content: string, files: Files): Promise<boolean> {
  const status = await files.status(path);
  if (status?.mode === 0o600 && (await files.read(path)) === content) return false;
  await files.write(path, content);
  return true;
}

async function takeLock(folder: string, paths: StackPaths, files: Files): Promise<boolean> {
  if (await files.exists(paths.engineLock)) return false;
  const lock = await files.read(join(folder, ".terraform.lock.hcl"));
  if (lock === undefined) return false;
  await files.write(paths.engineLock, lock);
  return true;
}
