import type { Manifest } from "../../providers/Manifest.ts";

/** Stands for the provider where none is named: an environment is looked at by itself, and nothing is out of its reach. */
export const environmentOnly: Manifest = {
  contract: 1,
  name: "no-provider",
  title: "no provider",
  description: "",
  settings: {},
  prerequisites: [],
  defaults: {},
  capabilities: { data_disk: true, reserve_address: true, ipv6: true, user_data: true, console: true, local: true },
  timeouts: { create: 1, ssh: 1, cloud_init: 1, destroy: 1 },
  resources: { machine: [], disk: [], data: [], address: [], restart: [] },
};
