import type { Route } from "landfall/rehearsal";
import { route, timestamp, type Cloud } from "./cloud.ts";
import { existing, listReply } from "./replies.ts";

type Network = ReturnType<Cloud["networks"]["all"]>[number];

/** The default network of a region; DigitalOcean makes it with the first droplet there. */
export function networkOf(cloud: Cloud, region: string): Network {
  const { kit } = cloud;
  return (
    cloud.networks.find((network) => network.region === region) ??
    cloud.networks.put({ id: kit.uuid(), region, createdAt: timestamp(kit.now()) })
  );
}

export function networkRoutes(cloud: Cloud): Route[] {
  const present = ({ id, region, createdAt }: Network): unknown => ({
    id,
    urn: `do:vpc:${id}`,
    name: `default-${region}`,
    description: "",
    region,
    ip_range: "10.114.0.0/20",
    created_at: createdAt,
    default: true,
  });
  return [
    route("GET", "/v2/vpcs", (request) => listReply("vpcs", cloud.networks.all(), request, cloud.kit, present)),
    route("GET", "/v2/vpcs/:id", ({ params }) => ({
      status: 200,
      body: { vpc: present(existing(cloud.networks.get(params["id"] ?? ""))) },
    })),
  ];
}
