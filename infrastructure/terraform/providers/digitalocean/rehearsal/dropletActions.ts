import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import { presentAction, requireIdle, startAction } from "./actions.ts";
import { route, type Action, type Cloud, type Droplet } from "./cloud.ts";
import { findImage } from "./dropletRequest.ts";
import { dropletOf } from "./droplets.ts";
import { fieldsOf, Refusal, problem, unprocessable } from "./replies.ts";

export function dropletActionRoutes(cloud: Cloud): Route[] {
  return [route("POST", "/v2/droplets/:id/actions", (request) => act(cloud, request))];
}

const plain = [
  "power_on",
  "power_off",
  "shutdown",
  "reboot",
  "power_cycle",
  "enable_ipv6",
  "enable_backups",
  "disable_backups",
];

/** Which the API has and this simulation has not. */
const unsupported = ["restore", "snapshot", "password_reset", "change_kernel", "change_backup_policy"];

function act(cloud: Cloud, request: ApiRequest): Reply {
  const droplet = dropletOf(cloud, request);
  const fields = fieldsOf(request);
  const type = String(fields["type"] ?? "");
  if (unsupported.includes(type)) {
    throw new Refusal(problem(501, "not_implemented", `this simulation does not support the droplet action ${type}`));
  }
  const details = detailsOf(cloud, droplet, type, fields);
  requireIdle(cloud, droplet);
  const action = startAction(cloud, {
    type,
    region: droplet.region,
    resource: { type: "droplet", id: droplet.id },
    droplet: droplet.id,
    ...details,
  });
  return { status: 201, body: { action: presentAction(cloud, action) } };
}

function detailsOf(cloud: Cloud, droplet: Droplet, type: string, fields: Record<string, unknown>): Partial<Action> {
  if (type === "power_on" && droplet.status === "active") throw unprocessable("Droplet is already powered on.");
  if (type === "power_off" && droplet.status === "off") throw unprocessable("Droplet is already powered off.");
  if (plain.includes(type)) return {};
  if (type === "rename") {
    const name = fields["name"];
    if (typeof name !== "string" || !/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(name)) {
      throw unprocessable("Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)");
    }
    return { value: name };
  }
  if (type === "resize") return resizeOf(cloud, droplet, fields);
  if (type === "rebuild") {
    const image = findImage(cloud, fields["image"]);
    if (image === undefined) throw unprocessable("You specified an invalid image for Droplet rebuild.");
    return { value: String(image.id) };
  }
  throw unprocessable("You specified an invalid action type.");
}

function resizeOf(cloud: Cloud, droplet: Droplet, { size, disk }: Record<string, unknown>): Partial<Action> {
  const wanted = cloud.sizes.find(({ slug }) => slug === size);
  if (wanted === undefined) throw unprocessable("You specified an invalid size for Droplet resize.");
  if (!wanted.regions.includes(droplet.region)) throw unprocessable("Size is not available in this region.");
  if (droplet.status !== "off") throw unprocessable("Droplet must be powered off to be resized.");
  if (wanted.disk < droplet.disk) throw unprocessable("This size is not available because it has a smaller disk.");
  return { value: wanted.slug, resizeDisk: disk === true };
}
