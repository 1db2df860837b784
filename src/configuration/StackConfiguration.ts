import type { Secret } from "./Secret.ts";
import type { StateSettings } from "./StateSettings.ts";

/** The layers of configuration, lowest first. */
export type Layer =
  | "built-in"
  | "application"
  | "manifest"
  | "provider file"
  | "project file"
  | "state file"
  | "environment file"
  | "process environment"
  | "command line";

/** Where a value comes from. */
export interface Origin {
  layer: Layer;
  /** Relative to the project's root, where the layer is a file. */
  file?: string;
  line?: number;
}

export interface Value {
  key: string;
  /** A Secret where the key is one. */
  value: string | Secret;
  origin: Origin;
  /** The spelling that was used, where it is an old one. */
  spelling?: string;
}

export interface OpenPort {
  protocol: "tcp" | "udp";
  port: number;
  description: string;
  /** CIDR ranges. */
  sources: string[];
}

/** What every provider takes; the same names as the inputs of the root module, in camel case. */
export interface StandardSettings {
  project: string;
  vmName: string;
  /** MiB */
  vmMemory: number;
  vmVcpus: number;
  /** GiB */
  vmDiskSize: number;
  /** GiB; 0 means none. */
  dataDiskSize: number;
  reserveAddress: boolean;
  /** Without SSH, which `sshAllowedFrom` opens. */
  openPorts: OpenPort[];
  /** CIDR ranges that may reach port 22. */
  sshAllowedFrom: string[];
  useMinimalConfig: boolean;
  protected: boolean;
  vmArch: "amd64" | "arm64";
  /** The text of the key when it is set explicitly; else it is looked for when it is needed. */
  sshPublicKey: string | undefined;
  sshPrivateKeyFile: string | undefined;
}

/** Everything known about one stack, resolved, typed and valid. */
export interface StackConfiguration {
  /** `ENVIRONMENT/PROVIDER`, or the environment where it was looked at alone. */
  stack: string;
  environment: string;
  provider: string;
  standard: StandardSettings;
  /** The provider's settings that are not secret, keyed by lower-case setting name; what becomes `var.settings`. */
  settings: Record<string, string>;
  /** Environment of the plugin: the settings that declare `environment`. Secrets only travel here. */
  pluginEnvironment: Record<string, string | Secret>;
  /** The provider's secret settings, keyed by lower-case setting name. */
  secrets: Record<string, Secret>;
  /** Names of the provider's secret settings that are kept elsewhere and were not asked for: they stand nowhere above. */
  unfetched: readonly string[];
  state: StateSettings;
  /** Every value with its origin, sorted by layer and key, for `config show`. */
  values: readonly Value[];
  /** Files that were read, relative to the root. */
  files: readonly string[];
}
