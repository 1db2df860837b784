import { join } from "node:path";
import { asciiJson } from "../asciiJson.ts";
import { createEngine, type EngineContext } from "../engine/createEngine.ts";
import type { Ports } from "../ports/Ports.ts";
import type { Provider } from "../providers/Provider.ts";
import type { StackPaths } from "../stacks/stackPaths.ts";

interface LookUp {
  /** Below the provider's folder. */
  folder: string;
  variables: Readonly<Record<string, unknown>>;
  paths: StackPaths;
  provider: Provider;
  call: Omit<EngineContext, "directory">;
}

/** As `StackContext.lookUp`: a plan of that module alone, in a directory of its own below the stack's. */
export async function lookUpIn(
  { folder, variables, paths, provider, call }: LookUp,
  ports: Ports,
): Promise<Record<string, unknown>> {
  const { files } = ports;
  const directory = join(paths.directory, "look-up", folder);
  await files.makeDirectory(directory);
  for (const name of (await files.list(join(provider.folder, folder))) ?? []) {
    if (name.endsWith(".tf")) await files.copy(join(provider.folder, folder, name), join(directory, name));
  }
  const lock = await files.read(paths.engineLock);
  if (lock !== undefined) await files.write(join(directory, ".terraform.lock.hcl"), lock);
  await files.write(join(directory, "terraform.tfvars.json"), `${asciiJson(variables)}\n`);
  const engine = createEngine({ ...call, directory }, ports);
  const plan = join(directory, "plan.tfplan");
  await engine.init();
  await engine.plan({ out: plan });
  const outputs = (await engine.showPlan(plan)).planned_values?.outputs ?? {};
  await files.remove(plan);
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}
