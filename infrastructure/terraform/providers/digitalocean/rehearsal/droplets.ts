import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import { actionsOf, destroyDroplet, presentAction, startAction } from "./actions.ts";
import { route, timestamp, type Action, type Cloud, type Droplet } from "./cloud.ts";
import { readDropletRequest, type DropletRequest } from "./dropletRequest.ts";
import { presentFirewall } from "./firewalls.ts";
import { networkOf } from "./networks.ts";
import { presentDroplet } from "./presentation.ts";
import { badRequest, existing, fieldsOf, listReply } from "./replies.ts";
import { rememberTags } from "./tags.ts";

export function dropletRoutes(cloud: Cloud): Route[] {
  const { kit } = cloud;
  const present = (droplet: Droplet): unknown => presentDroplet(cloud, droplet);
  return [
    route("GET", "/v2/droplets", (request) => listReply("droplets", selected(cloud, request), request, kit, present)),
    route("POST", "/v2/droplets", (request) => create(cloud, request), "server"),
    route("DELETE", "/v2/droplets", (request) => destroyTagged(cloud, request)),
    route("GET", "/v2/droplets/:id", (request) => ({
      status: 200,
      body: { droplet: present(dropletOf(cloud, request)) },
    })),
    route("DELETE", "/v2/droplets/:id", async (request) => {
      await destroyDroplet(cloud, dropletOf(cloud, request).id);
      return { status: 204 };
    }),
    route("GET", "/v2/droplets/:id/firewalls", (request) => {
      const droplet = dropletOf(cloud, request);
      const firewalls = cloud.firewalls
        .all()
        .filter(
          ({ droplets, tags }) => droplets.includes(droplet.id) || tags.some((tag) => droplet.tags.includes(tag)),
        );
      return listReply("firewalls", firewalls, request, kit, (firewall) => presentFirewall(cloud, firewall));
    }),
    route("GET", "/v2/droplets/:id/actions", (request) => {
      const { id } = dropletOf(cloud, request);
      const actions = actionsOf(cloud, ({ resource }) => resource.type === "droplet" && resource.id === id);
      return listReply("actions", actions, request, kit, (action) => presentAction(cloud, action));
    }),
    route("GET", "/v2/droplets/:id/actions/:action", ({ params }) => {
      const action = existing(cloud.actions.get(Number(params["action"])));
      existing(String(action.resource.id) === params["id"] ? action : undefined);
      return { status: 200, body: { action: presentAction(cloud, action) } };
    }),
  ];
}

export function dropletOf(cloud: Cloud, { params }: ApiRequest): Droplet {
  return existing(cloud.droplets.get(Number(params["id"])));
}

function selected(cloud: Cloud, { query }: ApiRequest): Droplet[] {
  const tag = query.get("tag_name");
  const name = query.get("name")?.toLowerCase() ?? null;
  if (tag !== null && name !== null) throw badRequest("name and tag_name cannot be combined");
  if (query.get("type") === "gpus") return [];
  return cloud.droplets
    .all()
    .filter(
      (droplet) =>
        (tag === null || droplet.tags.includes(tag)) && (name === null || droplet.name.toLowerCase() === name),
    );
}

async function destroyTagged(cloud: Cloud, { query }: ApiRequest): Promise<Reply> {
  const tag = query.get("tag_name");
  if (tag === null || tag === "") throw badRequest("tag_name is required");
  existing(cloud.tags.get(tag));
  for (const droplet of cloud.droplets.all()) if (droplet.tags.includes(tag)) await destroyDroplet(cloud, droplet.id);
  return { status: 204 };
}

async function create(cloud: Cloud, request: ApiRequest): Promise<Reply> {
  const wanted = readDropletRequest(cloud, fieldsOf(request));
  const made: { droplet: Droplet; action: Action }[] = [];
  for (const name of wanted.names) made.push(await make(cloud, wanted, name));
  const links = {
    actions: made.map(({ action }) => ({
      id: action.id,
      rel: "create",
      href: `${request.origin}/v2/actions/${action.id}`,
    })),
  };
  const droplets = made.map(({ droplet }) => presentDroplet(cloud, droplet));
  return { status: 202, body: wanted.single ? { droplet: droplets[0], links } : { droplets, links } };
}

async function make(cloud: Cloud, wanted: DropletRequest, name: string): Promise<{ droplet: Droplet; action: Action }> {
  const { kit } = cloud;
  const { size, region } = wanted;
  const id = kit.number();
  const addresses = await kit.machines.create({
    id: String(id),
    name,
    memory: size.memory,
    vcpus: size.vcpus,
    disk: size.disk,
    userData: wanted.userData,
  });
  rememberTags(cloud, wanted.tags);
  const droplet = cloud.droplets.put({
    id,
    name,
    status: "new",
    size: size.slug,
    disk: size.disk,
    region,
    image: wanted.image,
    createdAt: timestamp(kit.now()),
    features: wanted.features,
    tags: wanted.tags,
    vpc: networkOf(cloud, region).id,
    ...addresses,
  });
  for (const volume of wanted.volumes) cloud.volumes.put({ ...volume, droplet: id });
  const action = startAction(cloud, {
    type: "create",
    region,
    resource: { type: "droplet", id },
    droplet: id,
    fails: kit.actionFails(),
  });
  return { droplet, action };
}
