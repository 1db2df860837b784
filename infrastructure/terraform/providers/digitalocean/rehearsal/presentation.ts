import { locked, type Cloud, type Droplet, type Size } from "./cloud.ts";
import { regionFeatures, regionNames } from "./facts.ts";

/** Hours that a month is billed for at most. */
const billedHours = 672;

export function presentRegion(cloud: Cloud, slug: string): Record<string, unknown> {
  return {
    name: regionNames[slug] ?? slug,
    slug,
    features: regionFeatures,
    available: true,
    sizes: cloud.sizes.filter(({ regions }) => regions.includes(slug)).map((size) => size.slug),
  };
}

const families: Readonly<Record<string, string>> = {
  g: "General Purpose",
  gd: "General Purpose — 2x SSD",
  c: "CPU-Optimized",
  m: "Memory-Optimized",
};

export function presentSize({ slug, memory, vcpus, disk, price, regions }: Size): Record<string, unknown> {
  return {
    slug,
    memory,
    vcpus,
    disk,
    transfer: Math.min(10, Math.max(0.5, memory / 1024)),
    price_monthly: price,
    price_hourly: Number((price / billedHours).toFixed(5)),
    regions,
    available: regions.length > 0,
    description: slug.endsWith("-amd") ? "Premium AMD" : (families[slug.split("-")[0] ?? ""] ?? "Basic"),
    networking_throughput: 2000,
    disk_info: diskInfo(disk),
  };
}

function diskInfo(amount: number): object[] {
  return [{ type: "local", size: { amount, unit: "gib" } }];
}

export function presentDroplet(cloud: Cloud, droplet: Droplet): Record<string, unknown> {
  const size = cloud.sizes.find(({ slug }) => slug === droplet.size);
  return {
    id: droplet.id,
    name: droplet.name,
    memory: size?.memory ?? 0,
    vcpus: size?.vcpus ?? 0,
    disk: droplet.disk,
    disk_info: diskInfo(droplet.disk),
    locked: locked(cloud, droplet.id),
    status: droplet.status,
    kernel: null,
    created_at: droplet.createdAt,
    features: droplet.features,
    backup_ids: [],
    next_backup_window: null,
    snapshot_ids: [],
    image: cloud.images.find(({ id }) => id === droplet.image) ?? null,
    volume_ids: cloud.volumes
      .all()
      .filter((volume) => volume.droplet === droplet.id)
      .map(({ id }) => id),
    size: size === undefined ? null : presentSize(size),
    size_slug: droplet.size,
    networks: networksOf(droplet),
    region: presentRegion(cloud, droplet.region),
    tags: droplet.tags,
    vpc_uuid: droplet.vpc,
  };
}

/** A droplet has addresses once it has been made. */
function networksOf({ id, status, features, ipv4, ipv6 }: Droplet): { v4: object[]; v6: object[] } {
  if (status === "new") return { v4: [], v6: [] };
  const privateAddress = `10.114.${Math.floor(id / 250) % 250}.${(id % 250) + 2}`;
  const netmask = "255.255.240.0";
  return {
    v4: [
      { ip_address: ipv4, netmask, gateway: ipv4.replace(/\d+$/, "1"), type: "public" },
      { ip_address: privateAddress, netmask, gateway: "10.114.0.1", type: "private" },
    ],
    v6: features.includes("ipv6")
      ? [{ ip_address: ipv6, netmask: 64, gateway: `${ipv6.replace(/::.*$/, "")}::`, type: "public" }]
      : [],
  };
}
