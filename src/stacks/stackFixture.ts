import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Provider } from "../providers/Provider.ts";
import { realFiles } from "../system/realFiles.ts";
import { workspaceAt, type Workspace } from "../Workspace.ts";
import { makeStack } from "./makeStack.ts";
import { prepareStackDirectory } from "./prepareStackDirectory.ts";
import type { Stack } from "./Stack.ts";
import { stackPaths, type StackPaths } from "./stackPaths.ts";

/** A tree with a root module in a new directory, for tests. */
export interface StackFixture {
  root: string;
  workspace: Workspace;
  put(path: string, text: string): Promise<void>;
  provider(name: string, origin?: Provider["origin"]): Promise<Provider>;
  prepare(environment: string, of: Provider, variables?: Record<string, unknown>): Promise<Prepared>;
  remove(): Promise<void>;
}

interface Prepared {
  changed: boolean;
  paths: StackPaths;
  stack: Stack;
}

export async function stackFixture(): Promise<StackFixture> {
  const root = await mkdtemp(join(tmpdir(), "landfall-stack-"));
  const workspace = workspaceAt(join(root, "clone"), join(root, "cache"));
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  };
  await put(join(workspace.terraform, "main.tf"), "# root");
  await put(join(workspace.terraform, "variables.tf"), "");
  await put(join(workspace.terraform, "outputs.tf"), "");
  await put(join(workspace.terraform, "modules", "shared", "main.tf"), "# shared");
  return {
    root,
    workspace,
    put,
    async provider(name, origin = "tree") {
      const folder = origin === "tree" ? join(workspace.providers, name) : join(root, "elsewhere", name);
      await put(join(folder, "main.tf"), `# ${name}`);
      await put(join(folder, "provider.yaml"), `name: ${name}`);
      return { name, folder, origin, manifest: {} as Provider["manifest"] };
    },
    async prepare(environment, of, variables = { vm_name: "a" }) {
      const stack = makeStack(environment, of.name);
      const paths = stackPaths(workspace, stack);
      const request = { workspace, stack, paths, provider: of, variables };
      const { changed } = await prepareStackDirectory(request, { files: realFiles });
      return { changed, paths, stack };
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
