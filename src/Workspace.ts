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
  stacks: string;
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
    stacks: join(infrastructure, "stacks"),
    cache,
  };
}
