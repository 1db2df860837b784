/** The arguments of every engine call. Secrets travel in the environment, never here. */
export const argv = {
  version: (): string[] => ["version", "-json"],

  init: (options: { locked: boolean }): string[] => [
    "init",
    "-json",
    "-input=false",
    "-no-color",
    ...lockTimeout,
    ...(options.locked ? ["-lockfile=readonly"] : []),
  ],

  plan: (options: PlanOptions): string[] => [
    "plan",
    ...streamed,
    "-detailed-exitcode",
    ...(options.destroy === true ? ["-destroy"] : []),
    ...(options.refreshOnly === true ? ["-refresh-only"] : []),
    ...(options.refresh === false ? ["-refresh=false"] : []),
    ...(options.targets ?? []).map((address) => `-target=${address}`),
    `-out=${options.out}`,
  ],

  /** Applies exactly this plan; the engine asks nothing about a saved one. */
  apply: (planFile: string): string[] => ["apply", ...streamed, planFile],

  showPlan: (planFile: string): string[] => ["show", "-json", "-no-color", planFile],

  /** Needs no init. */
  showModule: (folder: string): string[] => ["show", "-json", "-no-color", `-module=${folder}`],

  output: (): string[] => ["output", "-json", "-no-color"],

  untaint: (address: string): string[] => ["untaint", "-no-color", ...lockTimeout, "-allow-missing", address],

  taint: (address: string): string[] => ["taint", "-no-color", ...lockTimeout, "-allow-missing", address],

  import: (address: string, id: string): string[] => ["import", ...streamed, address, id],

  /** Removes a lock of the backend, whoever holds it. */
  forceUnlock: (id: string): string[] => ["force-unlock", "-force", "-no-color", id],

  stateList: (): string[] => ["state", "list", "-no-color"],

  /** Loses sight of it; what exists stays. */
  stateRemove: (address: string): string[] => ["state", "rm", "-no-color", ...lockTimeout, address],

  /** Decrypted, on standard output. */
  statePull: (): string[] => ["state", "pull", "-no-color"],

  /** From standard input. Without force refused: another lineage, an older serial, another content of the same serial. */
  statePush: (options: { force: boolean }): string[] => [
    "state",
    "push",
    "-no-color",
    ...lockTimeout,
    ...(options.force ? ["-force"] : []),
    "-",
  ],

  lockPlugins: (platforms: readonly string[]): string[] => [
    "providers",
    "lock",
    "-no-color",
    ...platforms.map((platform) => `-platform=${platform}`),
  ],
};

export interface PlanOptions {
  /** Where the plan is written; absolute. */
  out: string;
  destroy?: boolean;
  /** Only takes over into the state what changed outside. */
  refreshOnly?: boolean;
  /** False: believes the state and asks the provider nothing. */
  refresh?: boolean;
  /** Plans nothing but these addresses and what they need. */
  targets?: readonly string[];
}

/** The stack's own lock comes first; this bridges a shared backend where another computer is at work. */
const lockTimeout = ["-lock-timeout=20s"];

/** The same call, waiting longer for a shared lock. */
export function withLockTimeout(args: readonly string[], milliseconds: number | undefined): string[] {
  if (milliseconds === undefined) return [...args];
  return args.map((arg) => (lockTimeout.includes(arg) ? `-lock-timeout=${Math.ceil(milliseconds / 1000)}s` : arg));
}

const streamed = ["-json", "-input=false", "-no-color", ...lockTimeout];
