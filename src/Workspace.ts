import { join } from "node:path";

/** Where things are: the user's tree and the user's cache. */
export interface Workspace {
  /** The directory that holds `infrastructure/`. */
  root: string;
  terraform: string;
  providers: string;
  environmentConfiguration: string;
  providerConfiguration: string;
  projectConfiguration: string;
  /** Where the states of all stacks are kept, where that is the same for every environment. */
  stateConfiguration: string;
  stacks: string;
  /** Twins of stacks, and where simulations say how they are reached. */
  rehearsal: string;
  /** Engine, plugins, images: shared by all clones of this user. */
  cache: string;
}

export function workspaceAt(root: string, cache: string): Workspace {
  const infrastructure = join(root, "infrastructure");
  return {
    root,
    terraform: join(infrastructure, "terraform"),
    providers: join(infrastructure, "terraform", "providers"),
    environmentConfiguration: join(infrastructure, "config", "environments"),
    providerConfiguration: join(infrastructure, "config", "providers"),
    projectConfiguration: join(infrastructure, "config", "project.env"),
    stateConfiguration: join(infrastructure, "config", "state.env"),
    stacks: join(infrastructure, "stacks"),
    rehearsal: join(infrastructure, "rehearsal"),
    cache,
  };
}

/** The same tree with the twins of its stacks in place of the stacks. */
export function twinWorkspace(workspace: Workspace): Workspace {
  return { ...workspace, stacks: join(workspace.rehearsal, "stacks") };
}
