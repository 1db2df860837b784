import { relative } from "node:path";
import { listEnvironments } from "../../configuration/listEnvironments.ts";
import { literal } from "../../configuration/migration/EnvText.ts";
import type { OldTree } from "../../configuration/migration/readOldTree.ts";
import { readEnvFile } from "../../configuration/readEnvFile.ts";
import { AppError, type Problem } from "../../errors.ts";
import type { Provider } from "../../providers/Provider.ts";
import { makeStack } from "../../stacks/makeStack.ts";
import { readOldState, type OldResource, type OldState } from "../../stacks/readOldState.ts";
import type { Stack } from "../../stacks/Stack.ts";
import { stackPaths } from "../../stacks/stackPaths.ts";
import { readStateRecord } from "../../stacks/stateRecord.ts";
import { selectStack } from "../loadStack.ts";
import type { OperationContext } from "../OperationContext.ts";

/** What becomes of the old state. */
export type StateStep =
  | { action: "none"; why: string }
  | { action: "adopt" | "adopted"; file: string; stack: Stack; machine: OldResource; old: OldState; text: string }
  | { action: "refuse"; file: string; why: string; hint: string; problems?: readonly Problem[] };

/** Finds out which stack the old state is of: the provider by the types of resources, the environment by the machine's name. */
export async function findOldStack(
  tree: OldTree,
  chosen: string | undefined,
  providers: readonly Provider[],
  context: OperationContext,
): Promise<StateStep> {
  const { files } = context.ports;
  const path = tree.state;
  if (path === undefined) return { action: "none", why: "there is no old state" };
  const file = relative(tree.root, path);
  const refuse = (why: string, hint: string): StateStep => ({ action: "refuse", file, why, hint });
  const text = (await files.read(path)) ?? "";
  let old: OldState;
  try {
    old = readOldState(text, file);
  } catch (error) {
    if (error instanceof AppError) return refuse(error.message, error.hint);
    throw error;
  }
  if (old.resources.length === 0) return { action: "none", why: `${file} holds nothing` };

  const wanted = chosen === undefined ? undefined : selectStack(chosen, context);
  const owners = providers
    .filter(({ name }) => wanted === undefined || name === wanted.provider)
    .map((provider) => ({ provider, machines: old.resources.filter(({ type }) => typesOf(provider).has(type)) }))
    .filter(({ machines }) => machines.length > 0);
  const [owner, ...others] = owners;
  if (owner === undefined) {
    const types = [...new Set(old.resources.map(({ type }) => type))].join(", ");
    return refuse(
      `${wanted === undefined ? "no provider here" : `provider ${wanted.provider}`} has a machine of any type that it holds (${types})`,
      "add the provider's folder, or go on with the old tool for this machine",
    );
  }
  const [machine, ...more] = owner.machines;
  if (machine === undefined || more.length > 0 || others.length > 0) {
    const found = owners.flatMap(({ machines }) => machines.map(({ address }) => address));
    return refuse(
      `it holds several machines: ${found.join(", ")}`,
      others.length > 0 && chosen === undefined
        ? "say which one with --stack ENVIRONMENT/PROVIDER"
        : "split it with the old tool (state mv -state-out=FILE), so that one state holds one machine",
    );
  }
  const stack = wanted ?? (await byMachineName(machine, owner.provider, tree, context));
  if (!("name" in stack)) return refuse(stack.why, stack.hint);
  const paths = stackPaths(context.workspace, stack);
  // Wherever it is kept: a stack that was worked on knows its state.
  if ((await files.exists(paths.state)) || (await readStateRecord(paths, files))?.lineage !== undefined) {
    const { lineage } = JSON.parse((await files.read(paths.adoption)) ?? "{}") as { lineage?: string };
    if (lineage === old.lineage) return { action: "adopted", file, stack, machine, old, text };
    return refuse(
      `stack ${stack.name} has a state of its own already`,
      `if that one is not needed: landfall destroy ${stack.name}; if the old one is not: remove ${file}`,
    );
  }
  if (owner.provider.manifest.capabilities.local === true) return refuseLocal(file, stack, old);
  return { action: "adopt", file, stack, machine, old, text };
}

/** Their disks are files whose names are part of the plan: a machine with others can only be replaced. */
function refuseLocal(file: string, { name, provider }: Stack, { resources }: OldState): StateStep {
  return {
    action: "refuse",
    file,
    why: `machines of ${provider} are on this computer, and Landfall gives their disks, first-boot disc and network card names and addresses of its own: it could only replace the old machine`,
    hint: `keep the old tool for it; or carry its data over, remove it there, and: landfall apply ${name}`,
    problems: resources.map(({ address, attributes }) => {
      const called = attributes["name"];
      return {
        where: address,
        message: `${typeof called === "string" ? `${called} ` : ""}would be made anew by another name, and is left alone`,
      };
    }),
  };
}

function typesOf({ manifest }: Provider): Set<string> {
  return new Set(manifest.resources.machine.map((address) => address.split(".").at(-2) ?? ""));
}

async function byMachineName(
  { address, attributes }: OldResource,
  { name: provider }: Provider,
  tree: OldTree,
  { ports, workspace }: OperationContext,
): Promise<Stack | { why: string; hint: string }> {
  const tags = attributes["tags"];
  const names = [attributes["name"], attributes["hostname"], (tags as { Name?: unknown } | undefined)?.Name];
  const vmNames = new Map<string, Set<string>>();
  const note = (environment: string, vmName: string | undefined): void => {
    if (vmName !== undefined) vmNames.set(environment, (vmNames.get(environment) ?? new Set()).add(vmName));
  };
  for (const { name, content } of tree.environments) note(name, literal(content.entry("VM_NAME")?.parts));
  for (const { name, state, file } of await listEnvironments(workspace, ports.files)) {
    const parsed =
      state === "configured" ? await readEnvFile(`${workspace.root}/${file}`, workspace, ports) : undefined;
    note(name, literal(parsed?.entries.find(({ key }) => key === "VM_NAME")?.parts));
  }
  const fitting = [...vmNames].filter(([, own]) => names.some((name) => own.has(String(name)))).map(([name]) => name);
  const [environment] = fitting;
  if (environment !== undefined && fitting.length === 1) return makeStack(environment, provider);
  return {
    why:
      environment === undefined
        ? `no environment has the VM_NAME of its machine, ${String(names[0] ?? address)}`
        : `several environments have the VM_NAME of its machine: ${fitting.join(", ")}`,
    hint: `say which stack it is: --stack ENVIRONMENT/${provider}`,
  };
}
