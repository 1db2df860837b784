/** One setting that a provider takes, fed from `PROVIDER_<NAME>_<KEY>`. */
export interface Setting {
  description: string;
  secret: boolean;
  required: boolean;
  /** Environment variable by which it reaches the plugin; secrets must have one. */
  environment?: string;
  /** A regular expression that the whole value matches. */
  pattern?: string;
  default?: string;
  examples: string[];
  /** Older spellings that are accepted, as whole variable names. */
  aliases: string[];
  /** Filled in by the provider's own `prepare`; users cannot set it. */
  computed: boolean;
  /** Whether a search finds only what was made with the same value; undefined: not said. */
  place?: boolean;
}

/** A program that the provider needs on this machine. */
export interface ManifestPrerequisite {
  command: string;
  optional: boolean;
  purpose: string;
  /** Debian package that brings it; by default of the same name as the command. */
  package?: string;
}

/** `true`, or the reason why not. */
export type Capability = true | string;

export interface Manifest {
  contract: 1;
  name: string;
  title: string;
  description: string;
  settings: Record<string, Setting>;
  prerequisites: ManifestPrerequisite[];
  /** Sizes used where the environment leaves them open: VM_MEMORY_DEFAULT (MiB), VM_VCPUS_DEFAULT, VM_DISK_SIZE_DEFAULT (GiB). */
  defaults: { vm_memory?: number; vm_vcpus?: number; vm_disk_size?: number };
  capabilities: {
    create: Capability;
    data_disk: Capability;
    reserve_address: Capability;
    ipv6: Capability;
    user_data: Capability;
    console: Capability;
    local: Capability;
  };
  /** Budgets in seconds. */
  timeouts: { create: number; ssh: number; cloud_init: number; destroy: number };
  /** What the resources of the module are to the user; decides what a plan does to machine and data. */
  resources: ResourceRoles;
  endpoint?: { environment: string; path?: string };
  /** Which settings the catalog of types is about. */
  catalog?: { type: string; region: string };
  /** Commands of the provider's own, by name; implemented in its code. */
  actions: Record<string, { description: string }>;
  plugin?: {
    source: string;
    /** Variables of the user's environment that the plugin may see; `*` at the end stands for anything. */
    environment: string[];
  };
}

/** Resource addresses inside the module, without index, such as `acme_server.vm`, by the role that they play. */
export interface ResourceRoles {
  machine: string[];
  /** Root disks that live apart from the machine: while they stay, replacing the machine is only a restart. */
  disk: string[];
  data: string[];
  address: string[];
  /** Attributes whose change in place restarts the machine, such as `acme_server.vm.size`. */
  restart: string[];
}
