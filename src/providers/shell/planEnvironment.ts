import type { StackConfiguration } from "../../configuration/StackConfiguration.ts";
import type { Machine } from "../../ports/Machine.ts";
import type { Workspace } from "../../Workspace.ts";
import type { ProviderContext, StackContext } from "../behaviour.ts";
import type { Manifest } from "../Manifest.ts";
import { settingVariable } from "../settingVariable.ts";

interface EnvironmentSources {
  manifest: Manifest;
  /** Absent where no stack is looked at. */
  configuration?: StackConfiguration | undefined;
  context?: ProviderContext | StackContext | undefined;
  workspace: Workspace;
  machine: Machine;
}

/**
 * The variables that the plan's functions see: PATH, HOME and LANG, where the project is, what the configuration says
 * of the stack, and the provider's own, secret or not. Secrets of the application are not among them.
 */
export function planEnvironment(sources: EnvironmentSources): {
  environment: Record<string, string>;
  secrets: string[];
} {
  const { manifest, configuration, context, workspace, machine } = sources;
  const values = (configuration?.values ?? []).flatMap(({ key, value }) =>
    typeof value === "string" && !key.startsWith("PROVIDER_") ? [[key, value] as const] : [],
  );
  const secrets: string[] = [];
  const own = Object.entries(manifest.settings).flatMap(([key, { aliases }]) => {
    const secret = context?.secret(key);
    if (secret !== undefined) secrets.push(secret);
    const value = secret ?? context?.settings[key];
    return value === undefined
      ? []
      : [settingVariable(manifest.name, key), ...aliases].map((name) => [name, value] as const);
  });
  const { PATH = "/usr/local/bin:/usr/bin:/bin", LANG } = machine.environment;
  const environment = {
    ...Object.fromEntries(values),
    ...(configuration === undefined ? {} : standard(configuration)),
    ...(context !== undefined && "inputs" in context ? { SSH_PUBLIC_KEY: context.inputs.ssh_public_key } : {}),
    ...Object.fromEntries(own),
    PROVIDER: manifest.name,
    PROJECT_ROOT: workspace.root,
    TERRAFORM_DIR: workspace.terraform,
    CONFIG_DIR: `${workspace.root}/infrastructure/config`,
    PATH,
    HOME: machine.home,
    ...(LANG === undefined ? {} : { LANG }),
  };
  // No variable of a process can hold it; the values of files do not either.
  return { environment: mapValues(environment, (value) => value.replaceAll("\0", "")), secrets };
}

function standard({ environment, standard: of }: StackConfiguration): Record<string, string> {
  return {
    ENVIRONMENT: environment,
    VM_NAME: of.vmName,
    VM_MEMORY: String(of.vmMemory),
    VM_VCPUS: String(of.vmVcpus),
    VM_DISK_SIZE: String(of.vmDiskSize),
    USE_MINIMAL_CONFIG: String(of.useMinimalConfig),
    SSH_PUBLIC_KEY: of.sshPublicKey ?? "",
  };
}

function mapValues(record: Record<string, string>, change: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
