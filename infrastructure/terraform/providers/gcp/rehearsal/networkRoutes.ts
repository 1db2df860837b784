import type { Cloud } from "./cloud.ts";
import { linkTo, nameOfPlace, parseLink, pathOf, type Located } from "./links.ts";
import { listed } from "./lists.ts";
import { invalid, notFound } from "./replies.ts";
import type { Endpoint } from "./routing.ts";
import { fingerprintOf } from "./stamps.ts";

const since = "2024-02-14T09:12:41.077-08:00";

/** The only network is the one that every project has from the beginning: one subnetwork in each region. */
export function findNetwork(link: string, project: string, field: string): Located {
  const network = parseLink(link, "networks", { project, place: "global" });
  if (network === undefined || network.place !== "global") {
    return invalid(field, link, "The URL is malformed.");
  }
  return network.name === "default" ? network : notFound(pathOf(network, "networks"));
}

export function findSubnetwork(link: string, home: Omit<Located, "name">, field: string): Located {
  const subnetwork = parseLink(link, "subnetworks", home);
  if (subnetwork === undefined) return invalid(field, link, "The URL is malformed.");
  if (subnetwork.place !== home.place) return invalid(field, link, `Must be in ${home.place}.`);
  return subnetwork.name === "default" ? subnetwork : notFound(pathOf(subnetwork, "subnetworks"));
}

/** The second part of 10.x.0.0/20: even numbers from 128, in the order of the catalog. */
export function rangeOf(region: string, { regions }: Cloud): number {
  return 128 + 2 * Math.max(0, regions.indexOf(region));
}

export function networkEndpoints(cloud: Cloud): Endpoint[] {
  const { regions } = cloud;
  const showNetwork = (project: string): object => ({
    kind: "compute#network",
    id: "2310957264301177882",
    creationTimestamp: since,
    name: "default",
    description: "Default network for the project",
    autoCreateSubnetworks: true,
    mtu: 1460,
    routingConfig: { routingMode: "REGIONAL" },
    networkFirewallPolicyEnforcementOrder: "AFTER_CLASSIC_FIREWALL",
    subnetworks: regions.map((region) => linkTo(`projects/${project}/regions/${region}/subnetworks/default`)),
    selfLink: linkTo(`projects/${project}/global/networks/default`),
  });
  const showSubnetwork = (project: string, region: string): object => ({
    kind: "compute#subnetwork",
    id: String(4_310_957_264_301_000 + regions.indexOf(region)),
    creationTimestamp: since,
    name: "default",
    network: linkTo(`projects/${project}/global/networks/default`),
    ipCidrRange: `10.${rangeOf(region, cloud)}.0.0/20`,
    gatewayAddress: `10.${rangeOf(region, cloud)}.0.1`,
    region: linkTo(`projects/${project}/regions/${region}`),
    privateIpGoogleAccess: false,
    purpose: "PRIVATE",
    stackType: "IPV4_ONLY",
    fingerprint: fingerprintOf(region),
    selfLink: linkTo(`projects/${project}/regions/${region}/subnetworks/default`),
  });
  return [
    {
      method: "GET",
      path: "global/networks",
      handle: ({ project, request }) => listed("compute#network", [showNetwork(project)], request),
    },
    {
      method: "GET",
      path: "global/networks/:name",
      handle: (call) => (call.name === "default" ? showNetwork(call.project) : notFound(pathOf(call, "networks"))),
    },
    {
      method: "GET",
      path: "regions/:region/subnetworks",
      handle: ({ project, place, request }) =>
        listed("compute#subnetwork", [showSubnetwork(project, nameOfPlace(place))], request),
    },
    {
      method: "GET",
      path: "regions/:region/subnetworks/:name",
      handle: (call) =>
        call.name === "default"
          ? showSubnetwork(call.project, nameOfPlace(call.place))
          : notFound(pathOf(call, "subnetworks")),
    },
  ];
}
