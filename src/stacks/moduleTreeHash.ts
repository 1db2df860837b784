import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Files } from "../ports/Files.ts";
import type { Provider } from "../providers/Provider.ts";
import { rootModuleFiles } from "./linkModuleTree.ts";
import { moduleFiles } from "./moduleFiles.ts";
import type { StackPaths } from "./stackPaths.ts";

/** SHA-256 of everything that the engine's `init` looks at: root module, shared modules, the provider's module and its lock. */
export async function moduleTreeHash(paths: StackPaths, provider: Provider, files: Files): Promise<string> {
  const folders = ["modules", join("providers", provider.name)];
  const inside = await Promise.all(
    folders.map(async (folder) =>
      (await moduleFiles(join(paths.directory, folder), files)).map((path) => join(folder, path)),
    ),
  );
  const names = [...rootModuleFiles, ...inside.flat()];
  const contents = await Promise.all(names.map((name) => files.readBytes(join(paths.directory, name))));
  const hash = createHash("sha256");
  for (const [index, name] of names.entries()) {
    const content = contents[index];
    hash.update(`${name}\0${content?.length ?? "absent"}\0`).update(content ?? "");
  }
  return hash.digest("hex");
}
