import { join } from "node:path";
import type { Workspace } from "../Workspace.ts";
import type { Stack } from "./Stack.ts";

/** Every file of one stack. */
export interface StackPaths {
  /** The engine's working directory, 0700. */
  directory: string;
  /** What the engine reads as input values; no secrets. */
  variables: string;
  state: string;
  /** Makes the engine keep the state elsewhere; absent for `local`. */
  backend: string;
  /** Where the state was when the stack was last worked on. */
  stateRecord: string;
  /** A directory of its own in which the engine reads and writes whole states. */
  stateAccess: string;
  /** Former states. */
  snapshots: string;
  /** What runs let the engine do, and whether that came to its end. */
  journal: string;
  /** Where the engine puts a state that it could not write to its place. */
  dump: string;
  /** Checksums of the plugins. */
  engineLock: string;
  /** Held by the run that works on the stack. */
  runLock: string;
  plan: string;
  /** Saved plans that wait to be applied. */
  plans: string;
  runs: string;
  knownHosts: string;
  hostKey: string;
  hostKeyPublic: string;
  /** Host keys of a machine that was taken over, or that boots in its own way; there while that machine is in use. */
  adoptedHostKeys: string;
  /** Where the state came from that was taken over, if it was. */
  adoption: string;
  /** The key that was made for this stack because there was no other. */
  generatedKey: string;
  /** The key that may log in, as it was when the machine was made. */
  authorizedKey: string;
  /** A link to the copy of the module tree that was applied last. */
  appliedTree: string;
  /** What the last `init` of the engine was made from. */
  initStamp: string;
}

export function stackPaths(workspace: Workspace, stack: Stack): StackPaths {
  const directory = join(workspace.stacks, stack.environment, stack.provider);
  return {
    directory,
    variables: join(directory, "terraform.tfvars.json"),
    state: join(directory, "terraform.tfstate"),
    backend: join(directory, "backend.tf.json"),
    stateRecord: join(directory, "state.json"),
    stateAccess: join(directory, "state-access"),
    snapshots: join(directory, "snapshots"),
    journal: join(directory, "journal"),
    dump: join(directory, "errored.tfstate"),
    engineLock: join(directory, ".terraform.lock.hcl"),
    runLock: join(directory, "run.lock"),
    plan: join(directory, "plan.tfplan"),
    plans: join(directory, "plans"),
    runs: join(directory, "runs"),
    knownHosts: join(directory, "known_hosts"),
    hostKey: join(directory, "ssh_host_ed25519_key"),
    hostKeyPublic: join(directory, "ssh_host_ed25519_key.pub"),
    adoptedHostKeys: join(directory, "adopted_host_keys"),
    adoption: join(directory, "adopted.json"),
    generatedKey: join(directory, "ssh_key"),
    authorizedKey: join(directory, "authorized_key.pub"),
    appliedTree: join(directory, "applied"),
    initStamp: join(directory, "init.json"),
  };
}
