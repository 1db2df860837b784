import type { ProviderBehaviour } from "landfall/provider";

const provider: ProviderBehaviour = {
  /** A host that nobody made leaves nothing behind that could be lost; without this a lost state would be an error. */
  findOrphans: async () => [],

  async cleanUp({ host, outputs, settings, stack }) {
    const address = String(outputs["vm_ip"] ?? settings["address"] ?? "");
    host.notice(
      "info",
      "host.stays",
      `${stack.name} is forgotten here; ${address} goes on, with all its data, the user torrust, docker and the firewall`,
      "to take them away as well, see the README of this provider",
    );
  },
};
export default provider;
