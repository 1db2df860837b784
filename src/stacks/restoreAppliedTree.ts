import { join } from "node:path";
import { AppError } from "../errors.ts";
import type { Files } from "../ports/Files.ts";
import { linkModuleTree } from "./linkModuleTree.ts";
import type { StackPaths } from "./stackPaths.ts";

/**
 * Points the stack's links at the copy that the last apply left, so that it can be destroyed although the provider's
 * folder is broken or gone. Gives whether anything changed. Throws AppError `stack.noCopy` where there is none.
 */
export async function restoreAppliedTree(
  paths: StackPaths,
  provider: string,
  wrapper: string | undefined,
  files: Files,
): Promise<boolean> {
  const root = await files.realPath(paths.appliedTree);
  const folder = root === undefined ? undefined : await files.realPath(join(root, "providers", provider));
  if (root === undefined || folder === undefined) {
    throw new AppError("stack.noCopy", `${paths.appliedTree} holds no copy of provider ${provider}`, {
      hint: "restore the provider's folder, for example from version control",
    });
  }
  const tree = { root, providerName: provider, providerFolder: folder, outside: false, wrapper };
  return linkModuleTree(paths, tree, files);
}
