import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import type { Cloud, ServerType } from "./cloud.ts";
import { answer, listed, notFound } from "./replies.ts";

interface Location {
  id: number;
  name: string;
  city: string;
  country: string;
  zone: string;
  dataCenter: string;
  latitude: number;
  longitude: number;
}

const locations: readonly Location[] = [
  {
    id: 1,
    name: "fsn1",
    city: "Falkenstein",
    country: "DE",
    zone: "eu-central",
    dataCenter: "fsn1-dc14",
    latitude: 50.47612,
    longitude: 12.370071,
  },
  {
    id: 2,
    name: "nbg1",
    city: "Nuremberg",
    country: "DE",
    zone: "eu-central",
    dataCenter: "nbg1-dc3",
    latitude: 49.452102,
    longitude: 11.076665,
  },
  {
    id: 3,
    name: "hel1",
    city: "Helsinki",
    country: "FI",
    zone: "eu-central",
    dataCenter: "hel1-dc2",
    latitude: 60.169855,
    longitude: 24.938379,
  },
  {
    id: 4,
    name: "ash",
    city: "Ashburn, VA",
    country: "US",
    zone: "us-east",
    dataCenter: "ash-dc1",
    latitude: 39.045821,
    longitude: -77.487073,
  },
  {
    id: 5,
    name: "hil",
    city: "Hillsboro, OR",
    country: "US",
    zone: "us-west",
    dataCenter: "hil-dc1",
    latitude: 45.54222,
    longitude: -122.951924,
  },
  {
    id: 6,
    name: "sin",
    city: "Singapore",
    country: "SG",
    zone: "ap-southeast",
    dataCenter: "sin-dc1",
    latitude: 1.283333,
    longitude: 103.833333,
  },
];

const systems = [
  { flavor: "ubuntu", version: "22.04" },
  { flavor: "ubuntu", version: "24.04" },
  { flavor: "ubuntu", version: "26.04" },
  { flavor: "debian", version: "12" },
  { flavor: "debian", version: "13" },
];

export interface Image {
  id: number;
  name: string;
  flavor: string;
  version: string;
  architecture: "x86" | "arm";
}

const firstImage = 67_794_396;

export const images: readonly Image[] = systems.flatMap(({ flavor, version }, index) =>
  (["x86", "arm"] as const).map((architecture, half) => ({
    id: firstImage + index * 2 + half,
    name: `${flavor}-${version}`,
    flavor,
    version,
    architecture,
  })),
);

export function findLocation(name: unknown): Location | undefined {
  return locations.find((location) => location.name === name || location.dataCenter === name || location.id === name);
}

export function showLocation(name: string): object {
  const { id, city, country, zone, latitude, longitude } = findLocation(name) as Location;
  const description = `${city} DC Park 1`;
  return { id, name, description, country, city, latitude, longitude, network_zone: zone };
}

/** As the API sent it until July 2026; plugins before 1.58 read the location from here. */
export function showDataCenter(name: string, { serverTypes }: Cloud): object {
  const { id, dataCenter } = findLocation(name) as Location;
  const ids = serverTypes.filter(({ prices }) => name in prices).map((type) => type.id);
  return {
    id,
    name: dataCenter,
    description: `${dataCenter.replace("-", " virtual ")}`,
    location: showLocation(name),
    server_types: { supported: ids, available: ids, available_for_migration: ids },
  };
}

const announced = { announced: "2025-10-01T00:00:00+00:00", unavailable_after: "2026-01-01T00:00:00+00:00" };

export function showServerType(type: ServerType): object {
  const deprecation = type.retired ? announced : null;
  const price = (net: number): object => ({ net: net.toFixed(10), gross: (net * 1.19).toFixed(10) });
  return {
    id: type.id,
    name: type.name,
    description: type.name.toUpperCase(),
    category: type.name.startsWith("ccx") ? "General Purpose" : "Shared vCPU",
    cores: type.cores,
    memory: type.memory,
    disk: type.disk,
    storage_type: "local",
    cpu_type: type.name.startsWith("ccx") ? "dedicated" : "shared",
    architecture: type.architecture,
    deprecated: type.retired,
    deprecation,
    locations: Object.keys(type.prices).map((name) => ({
      ...showLocation(name),
      deprecation,
      available: !type.retired,
      recommended: !type.retired,
    })),
    prices: Object.entries(type.prices).map(([location, monthly]) => ({
      location,
      price_hourly: price(monthly / 625),
      price_monthly: price(monthly),
      included_traffic: 20 * 2 ** 40,
      price_per_tb_traffic: price(1),
    })),
  };
}

export function showImage(image: Image): object {
  return {
    id: image.id,
    type: "system",
    status: "available",
    name: image.name,
    description: `${image.flavor === "ubuntu" ? "Ubuntu" : "Debian"} ${image.version}`,
    image_size: null,
    disk_size: 5,
    created: "2024-04-25T13:26:27+00:00",
    created_from: null,
    bound_to: null,
    os_flavor: image.flavor,
    os_version: image.version,
    rapid_deploy: true,
    protection: { delete: false },
    deprecated: null,
    deleted: null,
    labels: {},
    architecture: image.architecture,
  };
}

export function catalogRoutes(cloud: Cloud): Route[] {
  const named = <T extends { id: number; name: string }>(
    path: string,
    key: string,
    items: readonly T[],
    show: (item: T) => object,
    keep: (item: T, query: URLSearchParams) => boolean = () => true,
  ): Route[] => [
    {
      method: "GET",
      path: `/v1/${path}`,
      handle(request: ApiRequest): Reply {
        const name = request.query.get("name");
        const found = items.filter((item) => (name === null || item.name === name) && keep(item, request.query));
        return listed(path, found.map(show), request, cloud.kit);
      },
    },
    {
      method: "GET",
      path: `/v1/${path}/:id`,
      handle({ params }): Reply {
        const item = items.find(({ id }) => String(id) === params["id"]);
        return item === undefined ? notFound(key, params["id"] ?? "") : answer(200, { [key]: show(item) });
      },
    },
  ];
  return [
    ...named("locations", "location", locations, ({ name }) => showLocation(name)),
    ...named(
      "datacenters",
      "datacenter",
      locations.map(({ id, dataCenter }) => ({ id, name: dataCenter })),
      ({ name }) => showDataCenter(findLocation(name)?.name ?? "", cloud),
    ),
    ...named("server_types", "server_type", cloud.serverTypes, showServerType),
    ...named("images", "image", images, showImage, ({ architecture }, query) => {
      const types = query.getAll("type");
      const architectures = query.getAll("architecture");
      return (
        (types.length === 0 || types.includes("system")) &&
        (architectures.length === 0 || architectures.includes(architecture))
      );
    }),
  ];
}
