import type { Host } from "../host/Host.ts";

export type { Host };

/**
 * The optional behaviour of a provider: `provider.ts` exports one of these as `default`.
 * It imports types only; everything that it uses comes in through the context.
 * Every function may be called again after any failure and must then converge.
 */
export interface ProviderBehaviour {
  /** Checks beyond the manifest's list. Changes nothing. Called by doctor, setup, init, plan, apply and destroy. */
  checkPrerequisites?(context: ProviderContext): Promise<Prerequisite[]>;
  /**
   * Makes what must exist before a plan and is not a resource of one stack (a shared base image, a network).
   * Gives the values of the settings that the manifest marks `computed`. Called before every plan: quick when nothing is to do.
   */
  prepare?(context: StackContext): Promise<Record<string, string>>;
  /**
   * Shuts the machine down cleanly. Called before a plan is applied that restarts or replaces the machine and keeps
   * data, where the plugin itself would cut the power. A machine that does not exist or is off already is fine.
   */
  stopMachine?(context: StackContext): Promise<void>;
  /** Removes what the plugin leaves behind after a destroy. */
  cleanUp?(context: StackContext): Promise<void>;
  /** What `status` says of the machine, without the engine. */
  inspectMachine?(context: StackContext): Promise<MachineReport>;
  /**
   * What exists at the provider with this stack's labels (or, where those are not kept, with its names), with the
   * address that each has in the module. Called where no finished apply is known or an earlier run was cut off: what
   * that left is imported instead of made twice. Several things for one address are all given. Mandatory where
   * `capabilities.local` is not true and servers cost money.
   */
  findOrphans?(context: StackContext): Promise<Orphan[]>;
  /**
   * What exists at the provider, is of a kind that the module makes, and bears no sign of whose it is: such as an address
   * that no server has yet, where the API keeps neither labels nor names of addresses. Only told of, after a run that was
   * cut off and was about to make such a thing; never taken over or deleted.
   */
  findNameless?(context: StackContext): Promise<Orphan[]>;
  /**
   * Deletes one of what `findOrphans` gave that nobody asks for, and what hangs on it alone. Only called by `recover`, after the user agreed or the
   * journal proved that a run of this stack made it. Checks the stack's labels again; one that is gone is fine.
   */
  removeOrphan?(orphan: Orphan, context: StackContext): Promise<void>;
  /**
   * Commands of the provider's own, under the names that the manifest's `actions` gives them, no more and no fewer:
   * `landfall provider run STACK NAME -- ARGUMENTS`. The stack may not have been applied, then `outputs` is empty.
   * No lock is held: another run may be at work on the stack.
   */
  actions?: Readonly<Record<string, Action>>;
}

export type Action = (context: ActionContext, args: readonly string[]) => Promise<ActionResult | undefined>;

/** What an action comes to; nothing at all is `{}`. */
export interface ActionResult {
  /** Exit status of the command; 0 unless given. */
  status?: number;
  /** For people, on standard output. */
  text?: string;
  /** For programs, with `--json`; no secrets. */
  data?: Readonly<Record<string, unknown>>;
}

/**
 * The optional `plugin/overlay.ts`, its default export: replaces files of the plugin's module for the source build, as
 * Go's `-overlay` does, so that only what is needed is compiled. `read` gives a file of the module by its path there;
 * the result maps such paths to new texts. An error that it throws ends the build with its message.
 */
export type Overlay = (read: (path: string) => Promise<string>) => Promise<Readonly<Record<string, string>>>;

export interface Orphan {
  /** Address inside the module, such as `acme_server.vm` or `acme_volume.data[0]`. */
  address: string;
  /** What the plugin's import takes. */
  id: string;
  /** As people see it, such as `server torrust-tracker-prod`. */
  title: string;
}

export interface ManagedResource {
  /** Address inside the module, such as `acme_server.vm` or `acme_volume.data[0]`. */
  address: string;
  /** As the plugin names it; empty where the resource has none. */
  id: string;
}

export interface MachineReport {
  state: "absent" | "stopped" | "running" | "unknown";
  detail?: string;
  /** What is left of this stack although it should be gone, such as a lease. */
  leftovers?: string[];
}

export interface ActionContext extends StackContext {
  /** Gives the terminal to a program, and its exit status. Throws where standard output is for another program (`--json`). */
  interactive(program: string, args: readonly string[]): Promise<number>;
}

/** Something that has to be true of this computer before the provider can work. */
export interface Prerequisite {
  id: string;
  /** What is needed, as a noun phrase. */
  title: string;
  /** `unknown` where it could not be checked, for example before another one is met. */
  state: "met" | "missing" | "unknown";
  optional?: boolean;
  detail?: string;
  /** What to do by hand, as a command or a sentence. */
  fix?: string;
  /** Does it. Only called after the user agreed (or `--yes`). */
  perform?(): Promise<void>;
  /** Ids of prerequisites whose `perform` has to come first; the others run side by side. */
  after?: string[];
}

export interface ProviderContext {
  /** The provider's folder. */
  folder: string;
  /** A directory of this provider's own in the user's cache; survives the clone. */
  cache: string;
  /** The settings that are not secret, with defaults filled in. */
  settings: Readonly<Record<string, string>>;
  /** A secret setting, such as `secret("token")`; undefined where it is not set. Never put it into an argument or a message. */
  secret(key: string): string | undefined;
  /**
   * In a rehearsal: where the simulated API is, with the path of the manifest's `endpoint`, such as
   * `http://127.0.0.1:8123/v1`. Every call to the API has to go there then.
   */
  endpoint: string | undefined;
  /** As Debian names it. */
  architecture: "amd64" | "arm64";
  /** True with `--yes` or without a terminal: nobody will be asked. */
  unattended: boolean;
  host: Host;
}

export interface StackContext extends ProviderContext {
  stack: { name: string; environment: string; directory: string };
  inputs: {
    vm_name: string;
    vm_memory: number;
    vm_vcpus: number;
    vm_disk_size: number;
    data_disk_size: number;
    reserve_address: boolean;
    use_minimal_config: boolean;
    /** The key that may log in, OpenSSH format. Empty where it is not known yet, as in `status`. */
    ssh_public_key: string;
    labels: Readonly<Record<string, string>>;
  };
  /** Whether `prepare` may change what exists: in an apply or recover. Where not, it leaves everything as it is. */
  changing: boolean;
  /**
   * What the state knew of the module's resources when the run began. Never read the state yourself: it may be encrypted,
   * or kept elsewhere. Empty in `inspectMachine` for `status`, which looks at no state.
   */
  managed: readonly ManagedResource[];
  /** The module's outputs after the last apply, if any. */
  outputs: Readonly<Record<string, unknown>>;
  /**
   * Reads the data sources of a small module below the provider's folder (`lookUp("search", { ... })`) through the
   * genuine plugin, with the credentials that an apply would use, and gives the module's outputs.
   */
  lookUp(folder: string, variables: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
}
