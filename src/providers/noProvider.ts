import type { Manifest } from "./Manifest.ts";

/** Stands for the provider where only an environment is looked at: takes no settings and has nothing against anything. */
export const noProvider: Manifest = {
  contract: 1,
  name: "",
  title: "no provider",
  description: "",
  settings: {},
  prerequisites: [],
  defaults: {},
  capabilities: {
    create: true,
    data_disk: true,
    reserve_address: true,
    ipv6: true,
    user_data: true,
    console: true,
    local: true,
  },
  timeouts: { create: 0, ssh: 0, cloud_init: 0, destroy: 0 },
  actions: {},
  resources: { machine: [], disk: [], data: [], address: [], restart: [] },
};
