import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import { actionsOf, presentAction, requireIdle, startAction } from "./actions.ts";
import { route, type Action, type Address, type Cloud, type Droplet } from "./cloud.ts";
import { presentDroplet, presentRegion } from "./presentation.ts";
import { existing, fieldsOf, listReply, unprocessable } from "./replies.ts";

const mostAddresses = 10;

/** Reserved addresses, under their name of today and under the older one that older clients use. */
export function addressRoutes(cloud: Cloud): Route[] {
  return [...routesOf(cloud, "reserved_ip"), ...routesOf(cloud, "floating_ip")];
}

function routesOf(cloud: Cloud, kind: "reserved_ip" | "floating_ip"): Route[] {
  const { kit } = cloud;
  const root = `/v2/${kind}s`;
  const present = (address: Address): unknown => presentAddress(cloud, address);
  const presentOwn = (action: Action): unknown => ({
    ...presentAction(cloud, action),
    resource_type: kind,
  });
  return [
    route("GET", root, (request) => listReply(`${kind}s`, cloud.addresses.all(), request, kit, present)),
    route("POST", root, (request) => {
      const { address, links } = create(cloud, request);
      return { status: 202, body: { [kind]: present(address), links } };
    }),
    route("GET", `${root}/:ip`, (request) => ({ status: 200, body: { [kind]: present(addressOf(cloud, request)) } })),
    route("DELETE", `${root}/:ip`, (request) => {
      const { id } = addressOf(cloud, request);
      requireFree(cloud, id);
      cloud.addresses.remove(id);
      return { status: 204 };
    }),
    route("GET", `${root}/:ip/actions`, (request) => {
      const { id } = addressOf(cloud, request);
      return listReply(
        "actions",
        actionsOf(cloud, ({ address }) => address === id),
        request,
        kit,
        presentOwn,
      );
    }),
    route("POST", `${root}/:ip/actions`, (request): Reply => {
      const action = act(cloud, addressOf(cloud, request), fieldsOf(request));
      return { status: 201, body: { action: presentOwn(action) } };
    }),
    route("GET", `${root}/:ip/actions/:action`, ({ params }) => {
      const action = existing(cloud.actions.get(Number(params["action"])));
      existing(action.address === params["ip"] ? action : undefined);
      return { status: 200, body: { action: presentOwn(action) } };
    }),
  ];
}

function addressOf(cloud: Cloud, { params }: ApiRequest): Address {
  return existing(cloud.addresses.get(params["ip"] ?? ""));
}

function create(cloud: Cloud, request: ApiRequest): { address: Address; links: object } {
  const { droplet_id: wanted, region } = fieldsOf(request);
  if (cloud.addresses.all().length >= mostAddresses) throw unprocessable("You have reached your reserved IP limit.");
  if (typeof wanted === "number" && wanted > 0) {
    const droplet = cloud.droplets.get(wanted);
    if (droplet === undefined) throw unprocessable("droplet_id is invalid");
    requireIdle(cloud, droplet);
    requireWithout(cloud, droplet);
    const address = cloud.addresses.put({ id: freeAddress(cloud), region: droplet.region, droplet: null });
    const action = assign(cloud, address, droplet);
    const href = `${request.origin}/v2/actions/${action.id}`;
    return { address, links: { actions: [{ id: action.id, rel: "assign_ip", href }] } };
  }
  if (typeof region !== "string" || !cloud.regions.includes(region)) throw unprocessable("region is invalid");
  return { address: cloud.addresses.put({ id: freeAddress(cloud), region, droplet: null }), links: {} };
}

/** One of a range that is kept for documentation (RFC 5737), not the one that droplets get theirs from. */
function freeAddress(cloud: Cloud): string {
  let last = 10;
  while (cloud.addresses.get(`198.51.100.${last}`) !== undefined) last += 1;
  return `198.51.100.${last}`;
}

function act(cloud: Cloud, address: Address, { type, droplet_id: wanted }: Record<string, unknown>): Action {
  requireFree(cloud, address.id);
  if (type === "assign") {
    const droplet = existing(cloud.droplets.get(Number(wanted)));
    if (droplet.region !== address.region) {
      throw unprocessable("The reserved IP and the Droplet must be in the same region.");
    }
    requireIdle(cloud, droplet);
    if (address.droplet !== droplet.id) requireWithout(cloud, droplet);
    return assign(cloud, address, droplet);
  }
  if (type !== "unassign") throw unprocessable("type must be assign or unassign");
  if (address.droplet === null) throw unprocessable("The reserved IP is not assigned to a Droplet.");
  return startAction(cloud, { ...common(address), type: "unassign_ip" });
}

function assign(cloud: Cloud, address: Address, { id }: Droplet): Action {
  return startAction(cloud, { ...common(address), type: "assign_ip", droplet: id });
}

function common({ id, region }: Address): Pick<Action, "region" | "resource" | "address"> {
  const number = id.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { region, address: id, resource: { type: "reserved_ip", id: number } };
}

function requireFree(cloud: Cloud, address: string): void {
  if (busy(cloud, address)) throw unprocessable("The reserved IP already has a pending event.");
}

function requireWithout(cloud: Cloud, { id }: Droplet): void {
  if (cloud.addresses.find(({ droplet }) => droplet === id) !== undefined) {
    throw unprocessable("The Droplet already has a reserved IP.");
  }
}

function busy(cloud: Cloud, id: string): boolean {
  return cloud.actions.find(({ address, status }) => address === id && status === "in-progress") !== undefined;
}

function presentAddress(cloud: Cloud, { id, region, droplet }: Address): Record<string, unknown> {
  const assigned = droplet === null ? undefined : cloud.droplets.get(droplet);
  return {
    ip: id,
    region: presentRegion(cloud, region),
    droplet: assigned === undefined ? null : presentDroplet(cloud, assigned),
    locked: busy(cloud, id),
  };
}
