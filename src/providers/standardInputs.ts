import type { ModuleType } from "./ModuleType.ts";

export interface StandardInput {
  name: string;
  type: ModuleType;
  /** What it means, with its unit. */
  meaning: string;
}

/** What the root module passes to every provider's module (contract 1), besides `settings`, which each types itself. */
export const standardInputs: readonly StandardInput[] = [
  { name: "vm_name", type: "string", meaning: "name of the machine, also its hostname" },
  { name: "vm_memory", type: "number", meaning: "memory in MiB" },
  { name: "vm_vcpus", type: "number", meaning: "number of processors" },
  { name: "vm_disk_size", type: "number", meaning: "root disk in GiB" },
  { name: "data_disk_size", type: "number", meaning: "disk in GiB that survives replacement; 0 means none" },
  { name: "reserve_address", type: "bool", meaning: "whether the address survives replacement" },
  { name: "ssh_public_key", type: "string", meaning: "key that may log in" },
  { name: "user_data", type: "string", meaning: "the finished cloud-config" },
  {
    name: "open_ports",
    type: [
      "list",
      ["object", { protocol: "string", port: "number", description: "string", sources: ["list", "string"] }],
    ],
    meaning: "what may be reached from outside; nothing else is",
  },
  { name: "labels", type: ["map", "string"], meaning: "project, environment, stack and managed_by" },
  { name: "use_minimal_config", type: "bool", meaning: "smallest cloud-init, for debugging" },
];

/** Outputs that every provider's module has. */
export const mandatoryOutputs = ["vm_ip", "vm_name", "connection_info"] as const;
