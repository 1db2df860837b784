import type { Cloud, Instance } from "./cloud.ts";

/** Where nothing runs behind the instance: what machines get at first, and what they get later. */
const first = "203.0.113.";
const later = "192.0.2.";

/** Whether a machine really runs at that address: then it keeps it, whatever is done in the cloud. */
export function isReal(address: string): boolean {
  return !address.startsWith(first) && !address.startsWith(later);
}

/** Without its ephemeral address; a static one stays. */
export function stopped(instance: Instance, cloud: Cloud): Instance {
  const accessConfigs = instance.accessConfigs.map(({ name, address }) =>
    address !== undefined && isStatic(address, instance, cloud) ? { name, address } : { name },
  );
  return { ...instance, status: "TERMINATED", accessConfigs };
}

/** With a new ephemeral address where it has no static one. */
export function startedAgain(instance: Instance, cloud: Cloud): Instance {
  if (instance.status === "RUNNING") return instance;
  const { ephemeralAddress: old } = instance;
  const ephemeralAddress = isReal(old) ? old : freeAddress(cloud);
  const accessConfigs = instance.accessConfigs.map((config) => ({ address: ephemeralAddress, ...config }));
  return { ...instance, status: "RUNNING", ephemeralAddress, accessConfigs };
}

function isStatic(address: string, { project }: Instance, { addresses }: Cloud): boolean {
  return addresses.find((item) => item.project === project && item.address === address) !== undefined;
}

function freeAddress({ addresses, instances }: Cloud): string {
  const taken = [
    ...instances.all().map(({ ephemeralAddress }) => ephemeralAddress),
    ...addresses.all().map(({ address }) => address),
  ];
  for (let number = 10; number < 250; number += 1) {
    if (!taken.includes(`${later}${number}`)) return `${later}${number}`;
  }
  return `${later}250`;
}
