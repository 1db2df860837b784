import { freeAddress, isDocumentation } from "./addressRoutes.ts";
import type { Cloud, Instance } from "./cloud.ts";

/** Without its ephemeral address; a static one stays. */
export function stopped(instance: Instance, cloud: Cloud): Instance {
  const accessConfigs = instance.accessConfigs.map(({ name, address }) =>
    address !== undefined && isStatic(address, instance, cloud) ? { name, address } : { name },
  );
  return { ...instance, status: "TERMINATED", accessConfigs };
}

/** With a new ephemeral address where it has no static one, and no machine really runs behind it. */
export function startedAgain(instance: Instance, cloud: Cloud): Instance {
  if (instance.status === "RUNNING") return instance;
  const { ephemeralAddress: old } = instance;
  const ephemeralAddress = isDocumentation(old) ? freeAddress(cloud) : old;
  const accessConfigs = instance.accessConfigs.map((config) => ({ address: ephemeralAddress, ...config }));
  return { ...instance, status: "RUNNING", ephemeralAddress, accessConfigs };
}

function isStatic(address: string, { project }: Instance, { addresses }: Cloud): boolean {
  return addresses.find((item) => item.project === project && item.address === address) !== undefined;
}
