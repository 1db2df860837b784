import type { OpenPort } from "../configuration/StackConfiguration.ts";
import type { LoadedStack } from "./loadStack.ts";

/** Standard inputs that come from the configuration alone, as the contract names them. */
export function standardInputs({ stack, configuration }: Pick<LoadedStack, "stack" | "configuration">) {
  const { standard } = configuration;
  return {
    vm_name: standard.vmName,
    vm_memory: standard.vmMemory,
    vm_vcpus: standard.vmVcpus,
    vm_disk_size: standard.vmDiskSize,
    data_disk_size: standard.dataDiskSize,
    reserve_address: standard.reserveAddress,
    use_minimal_config: standard.useMinimalConfig,
    open_ports: [
      { protocol: "tcp", port: 22, description: "SSH", sources: standard.sshAllowedFrom } satisfies OpenPort,
      ...standard.openPorts,
    ],
    labels: {
      project: standard.project,
      environment: stack.environment,
      stack: stack.label,
      managed_by: "landfall",
    },
  };
}
