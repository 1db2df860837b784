import { join } from "node:path";
import type { Event } from "../../events/Event.ts";
import type { Workspace } from "../../Workspace.ts";
import type { OperationContext, RehearsalMode } from "../OperationContext.ts";

/** A tree of its own in a temporary directory, with a copy of one provider folder in it and nothing of the user's. */
export interface ThrowAwayTree {
  /** The copy. */
  folder: string;
  stack: string;
  context: OperationContext;
  /** The same, with the stack being a twin. */
  rehearsing(mode: RehearsalMode): OperationContext;
  /** Text as it is meant: the folder in the place of its copy, and no directory that is gone when it is read. */
  shown(text: string): string;
  remove(): Promise<void>;
}

const environment = "check";

/** Values of the user that would change what is checked. */
const ofTheUser =
  /^(PROVIDER_|VM_|STATE_|SSH_|DATA_DISK_SIZE|PERSISTENT_DATA_SIZE|RESERVE_ADDRESS|OPEN_PORTS|PROTECTED|USE_MINIMAL_CONFIG|PROJECT$|ENVIRONMENT$|LANDFALL_PROVIDERS_PATH)/;

export async function makeThrowAwayTree(
  { name, folder, template }: { name: string; folder: string; template: string | undefined },
  outer: OperationContext,
): Promise<ThrowAwayTree> {
  const { ports } = outer;
  const { files } = ports;
  const root = await files.temporaryDirectory("landfall-check-");
  const workspace: Workspace = {
    ...outer.workspace,
    root,
    providers: join(root, "providers"),
    environmentConfiguration: join(root, "environments"),
    providerConfiguration: join(root, "configuration"),
    projectConfiguration: join(root, "project.env"),
    stateConfiguration: join(root, "state.env"),
    stacks: join(root, "stacks"),
    rehearsal: join(root, "rehearsal"),
  };
  const copy = join(workspace.providers, name);
  await files.makeDirectory(workspace.providers);
  await files.copyTree(folder, copy);
  await files.makeDirectory(workspace.environmentConfiguration);
  await files.write(
    join(workspace.environmentConfiguration, `${environment}.env`),
    `ENVIRONMENT=${environment}\nVM_NAME=landfall-check\nVM_MEMORY=2048\nVM_VCPUS=1\nVM_DISK_SIZE=20\n`,
  );
  await files.write(workspace.projectConfiguration, "PROJECT=landfall-check\n");
  if (template !== undefined && (await files.exists(template))) {
    await files.makeDirectory(workspace.providerConfiguration);
    await files.copy(template, join(workspace.providerConfiguration, `${name}.env.tpl`));
  }
  const shown = (text: string): string =>
    text
      .replaceAll(copy, folder)
      .replace(/ \((\/[^()]*)\)/g, (all, path: string) => (path.startsWith(`${root}/`) ? "" : all));
  const stack = `${environment}/${name}`;
  const kept = Object.entries(ports.machine.environment).filter(([key]) => !ofTheUser.test(key));
  const context: OperationContext = {
    packageRoot: outer.packageRoot,
    interrupt: outer.interrupt,
    workspace,
    ports: {
      ...ports,
      emit: (event) => ports.emit(renamed(event, shown)),
      terminal: { ...ports.terminal, interactive: false },
      machine: { ...ports.machine, environment: { ...Object.fromEntries(kept), CONFIRM: stack } },
    },
  };
  return {
    folder: copy,
    shown,
    stack,
    context,
    rehearsing: (mode) => ({ ...context, rehearsal: mode }),
    remove: () => files.remove(root),
  };
}

/** An event with its texts as they are meant. */
export function renamed(event: Event, shown: (text: string) => string): Event {
  const entries = Object.entries(event).map(([key, value]) => [key, typeof value === "string" ? shown(value) : value]);
  return Object.fromEntries(entries) as Event;
}
