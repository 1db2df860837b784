import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { ProviderBehaviour } from "./behaviour.ts";
import { loadProviderCode } from "./loadProviderCode.ts";
import type { Provider } from "./Provider.ts";

const functions: Record<Exclude<keyof ProviderBehaviour, "actions">, true> = {
  checkPrerequisites: true,
  prepare: true,
  stopMachine: true,
  cleanUp: true,
  inspectMachine: true,
  findOrphans: true,
};

/**
 * Loads the provider's own code, `provider.ts`; without that file a provider has no behaviour of its own.
 * Throws AppError `provider.behaviour`, also where its actions are not those of the manifest.
 */
export async function loadBehaviour(
  provider: Pick<Provider, "name" | "folder"> & { manifest: Pick<Provider["manifest"], "actions"> },
): Promise<ProviderBehaviour> {
  const code = await loadProviderCode(provider, "provider.ts", {
    functions: Object.keys(functions),
    values: ["actions"],
  });
  const behaviour: ProviderBehaviour = code ?? {};
  checkActions(provider, behaviour.actions);
  return behaviour;
}

function checkActions({ name, folder, manifest }: Parameters<typeof loadBehaviour>[0], actions: unknown = {}): void {
  const declared = Object.keys(manifest.actions);
  const implemented = Object.entries(Object(actions) as object);
  const problems = [
    ...declared
      .filter((action) => !implemented.some(([key]) => key === action))
      .map((action) => ({ message: `provider.yaml declares the action ${action}, which provider.ts does not have` })),
    ...implemented
      .filter(([action]) => !declared.includes(action))
      .map(([action]) => ({ message: `provider.ts has the action ${action}, which provider.yaml does not declare` })),
    ...implemented
      .filter(([, value]) => typeof value !== "function")
      .map(([action]) => ({ message: `the action ${action} of provider.ts is not a function` })),
  ];
  if (problems.length === 0) return;
  throw new AppError("provider.behaviour", `the actions of provider ${name} are not those of its manifest`, {
    hint: `write the same names into actions of ${folder}/provider.yaml and of ${folder}/provider.ts`,
    exit: exitCodes.usage,
    problems: problems.map((problem) => ({ ...problem, where: `${folder}/provider.ts` })),
  });
}
