import { join } from "node:path";
import type { Files } from "../ports/Files.ts";
import type { Workspace } from "../Workspace.ts";
import { makeStack } from "./makeStack.ts";
import type { Stack } from "./Stack.ts";

const part = /^[a-z][a-z0-9-]{0,30}$/;

/** The stacks that have a directory, by name. */
export async function listStacks(workspace: Workspace, files: Files): Promise<Stack[]> {
  const environments = await directoriesIn(workspace.stacks, files);
  const stacks = await Promise.all(
    environments.map(async (environment) => {
      const providers = await directoriesIn(join(workspace.stacks, environment), files);
      return providers.map((provider) => makeStack(environment, provider));
    }),
  );
  return stacks.flat();
}

async function directoriesIn(path: string, files: Files): Promise<string[]> {
  const names = ((await files.list(path)) ?? []).filter((name) => part.test(name));
  const kinds = await Promise.all(names.map(async (name) => (await files.status(join(path, name)))?.kind));
  return names.filter((_name, index) => kinds[index] === "directory");
}
