import { findIn, type Address, type Cloud, type Instance } from "./cloud.ts";
import { labelEndpoint, labelsIn, showLabels } from "./labels.ts";
import { linkOf, linkTo, nameOfPlace, pathOf, regionOfZone, type Located } from "./links.ts";
import { listed } from "./lists.ts";
import { deleting, started, zoneOf } from "./operations.ts";
import { alreadyExists, bodyOf, inUse, invalid, nameIn, notFound, refuse, textIn } from "./replies.ts";
import type { Call, Endpoint } from "./routing.ts";
import { stamp } from "./stamps.ts";

/** The instance that has a static address. */
function userOf({ address, project }: Address, { instances }: Cloud): Instance | undefined {
  return instances.find(
    (instance) => instance.project === project && instance.accessConfigs.some((item) => item.address === address),
  );
}

/** A static address for an instance of this zone that asks for it. */
export function findAddress(
  { text, instance, field }: { text: string; instance: Located; field: string },
  cloud: Cloud,
): Address {
  const address = cloud.addresses.find((item) => item.address === text && item.project === instance.project);
  const region = regionOfZone(zoneOf(instance));
  if (address === undefined || nameOfPlace(address.place) !== region) {
    return invalid(field, text, "The specified external IP address is not reserved in this project and region.");
  }
  const user = userOf(address, cloud);
  if (user === undefined || user.name === instance.name) return address;
  return inUse("address", pathOf(address, "addresses"), pathOf(user, "instances"));
}

/** One of a range that is kept for documentation, and that no machine gets by itself. */
export function freeAddress({ addresses, instances }: Cloud): string {
  const taken = new Set([
    ...addresses.all().map(({ address }) => address),
    ...instances.all().map(({ ephemeralAddress }) => ephemeralAddress),
  ]);
  for (let number = 1; number < 255; number += 1) {
    if (!taken.has(`198.51.100.${number}`)) return `198.51.100.${number}`;
  }
  return refuse(403, "quotaExceeded", "Quota 'STATIC_ADDRESSES' exceeded.  Limit: 254.0 in this project.");
}

/** What an instance gets that asks for no static address: its own, unless that has been made static and may go elsewhere. */
export function ephemeralFor({ ephemeralAddress }: Instance, cloud: Cloud): string {
  const isStatic = cloud.addresses.find(({ address }) => address === ephemeralAddress) !== undefined;
  return isStatic && isDocumentation(ephemeralAddress) ? freeAddress(cloud) : ephemeralAddress;
}

/** Where a machine really runs behind the instance, a static address is where it is. */
export function isDocumentation(address: string): boolean {
  return ["203.0.113.", "198.51.100.", "192.0.2."].some((range) => address.startsWith(range));
}

function insert(call: Call, cloud: Cloud): object {
  const fields = bodyOf(call.request);
  const located = { project: call.project, place: call.place, name: nameIn(fields) };
  if (findIn(cloud.addresses, located) !== undefined) return alreadyExists(pathOf(located, "addresses"));
  const type = textIn(fields, "addressType") ?? "EXTERNAL";
  if (type !== "EXTERNAL") return invalid("resource.addressType", type, "The simulation has external addresses only.");
  const networkTier = textIn(fields, "networkTier") ?? "PREMIUM";
  if (networkTier !== "PREMIUM" && networkTier !== "STANDARD") {
    return invalid("resource.networkTier", networkTier, "Must be PREMIUM or STANDARD.");
  }
  const address: Address = {
    ...cloud.thing(located, { description: textIn(fields, "description"), labels: labelsIn(fields) }),
    address: ephemeralIn(fields, cloud) ?? freeAddress(cloud),
    networkTier,
  };
  return started(cloud, "insert", cloud.addresses.put(address), "addresses");
}

/** An address that an instance has already can be made static. */
function ephemeralIn(fields: Record<string, unknown>, { instances, addresses }: Cloud): string | undefined {
  const address = textIn(fields, "address") ?? "";
  if (address === "") return undefined;
  if (addresses.find((other) => other.address === address) !== undefined) {
    return invalid("resource.address", address, "Specified IP address is already reserved.");
  }
  const own = instances.find(({ accessConfigs }) => accessConfigs.some((item) => item.address === address));
  return own === undefined ? invalid("resource.address", address, "Must be an address that an instance has.") : address;
}

function showAddress(address: Address, cloud: Cloud): object {
  const user = userOf(address, cloud);
  return {
    kind: "compute#address",
    id: address.id,
    creationTimestamp: stamp(address.created),
    name: address.name,
    description: address.description,
    address: address.address,
    addressType: "EXTERNAL",
    networkTier: address.networkTier,
    ipVersion: "IPV4",
    status: user === undefined ? "RESERVED" : "IN_USE",
    ...(user === undefined ? {} : { users: [linkOf(user, "instances")] }),
    ...showLabels(address.labels),
    region: linkTo(`projects/${address.project}/${address.place}`),
    selfLink: linkOf(address, "addresses"),
  };
}

export function addressEndpoints(cloud: Cloud): Endpoint[] {
  const { addresses } = cloud;
  const find = (call: Call): Address => findIn(addresses, call) ?? notFound(pathOf(call, "addresses"));
  return [
    { method: "POST", path: "regions/:region/addresses", handle: (call) => insert(call, cloud) },
    {
      method: "GET",
      path: "regions/:region/addresses",
      handle({ project, place, request }) {
        const own = addresses.all().filter((address) => address.project === project && address.place === place);
        return listed(
          "compute#address",
          own.map((address) => showAddress(address, cloud)),
          request,
        );
      },
    },
    { method: "GET", path: "regions/:region/addresses/:name", handle: (call) => showAddress(find(call), cloud) },
    {
      method: "DELETE",
      path: "regions/:region/addresses/:name",
      handle(call) {
        const address = find(call);
        const user = userOf(address, cloud);
        if (user !== undefined) return inUse("address", pathOf(address, "addresses"), pathOf(user, "instances"));
        return deleting(cloud, address, "addresses", (gone) => void addresses.put(gone));
      },
    },
    labelEndpoint<Address>(cloud, {
      path: "regions/:region/addresses",
      kind: "addresses",
      collection: () => addresses,
    }),
  ];
}
