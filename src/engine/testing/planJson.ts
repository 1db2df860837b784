import type { PlanJson, ResourceChange } from "../engineJson.ts";

const actions = {
  keep: ["no-op"],
  create: ["create"],
  update: ["update"],
  replace: ["delete", "create"],
  remove: ["delete"],
};

/** What the engine says of one resource of a provider's module. */
export function change(
  name: string,
  action: keyof typeof actions,
  { detail, ...rest }: Partial<ResourceChange> & { detail?: Partial<ResourceChange["change"]> } = {},
): ResourceChange {
  const address = `module.provider.${name}`;
  return { address, mode: "managed", change: { actions: actions[action], ...detail }, ...rest };
}

export const plan = (...changes: ResourceChange[]): PlanJson => ({ resource_changes: changes });
