import { join } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { StackConfiguration } from "../configuration/StackConfiguration.ts";
import { attributedBehaviour } from "./attributedBehaviour.ts";
import type { ProviderBehaviour } from "./behaviour.ts";
import { isPlanStyle } from "./isPlanStyle.ts";
import { loadProviderCode } from "./loadProviderCode.ts";
import type { Setting } from "./Manifest.ts";
import type { LoadedBehaviour } from "./ModuleWrapper.ts";
import type { Provider } from "./Provider.ts";
import { requireAcceptance } from "./requireAcceptance.ts";
import type { ShellAccess } from "./shell/planStyleBehaviour.ts";
import type { CodeOwner } from "./standingOf.ts";

/** Whose code it is, and what its manifest promises of it. */
export type BehaviourOwner = CodeOwner & {
  manifest: Pick<Provider["manifest"], "actions"> & { settings: Readonly<Record<string, Pick<Setting, "computed">>> };
};

const functions: Record<Exclude<keyof ProviderBehaviour, "actions">, true> = {
  checkPrerequisites: true,
  prepare: true,
  stopMachine: true,
  cleanUp: true,
  inspectMachine: true,
  findOrphans: true,
  findNameless: true,
  removeOrphan: true,
};

/**
 * Loads the provider's own code, `provider.ts`; without that file a provider has no behaviour of its own. A folder in
 * the plan's own style has its functions instead, which see what the stack's configuration says.
 * Throws AppError `provider.behaviour`, also where its actions are not those of the manifest; so do its functions where they fail.
 */
export async function loadBehaviour(
  provider: BehaviourOwner,
  access: ShellAccess,
  configuration?: StackConfiguration,
): Promise<LoadedBehaviour> {
  if (await isPlanStyle(provider.folder, access.ports.files)) {
    await requireAcceptance(provider, access);
    const { planStyleBehaviour } = await import("./shell/planStyleBehaviour.ts");
    return planStyleBehaviour(provider, access, configuration);
  }
  const exports = { functions: Object.keys(functions), values: ["actions"] };
  const behaviour: ProviderBehaviour = (await loadProviderCode(provider, "provider.ts", exports, access)) ?? {};
  checkActions(provider, behaviour.actions);
  const file = { provider: provider.name, path: join(provider.folder, "provider.ts") };
  return attributedBehaviour(behaviour, file, provider.manifest.settings);
}

function checkActions({ name, folder, manifest }: BehaviourOwner, actions: unknown = {}): void {
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
