import type { Cloud, Size, Volume } from "./cloud.ts";
import { unprocessable } from "./replies.ts";
import { readTags } from "./tags.ts";

export interface DropletRequest {
  names: string[];
  /** Asked for by `name`, not by `names`. */
  single: boolean;
  size: Size;
  region: string;
  image: number;
  features: string[];
  tags: string[];
  volumes: Volume[];
  userData: string;
}

const mostAtOnce = 10;
const mostDroplets = 25;
const mostUserData = 64 * 1024;

/** The body of a request for a droplet, checked as the API checks it. */
export function readDropletRequest(cloud: Cloud, fields: Record<string, unknown>): DropletRequest {
  const names = namesOf(fields);
  const size = cloud.sizes.find(({ slug }) => slug === fields["size"]);
  if (size === undefined) throw unprocessable("You specified an invalid size for Droplet creation.");
  const image = findImage(cloud, fields["image"]);
  if (image === undefined) throw unprocessable("You specified an invalid image for Droplet creation.");
  const region = regionOf(cloud, size, fields["region"]);
  checkNetwork(cloud, region, fields["vpc_uuid"]);
  checkKeys(cloud, fields["ssh_keys"]);
  if (cloud.droplets.all().length + names.length > mostDroplets) {
    throw unprocessable("creating this/these droplet(s) will exceed your droplet limit");
  }
  return {
    names,
    single: fields["names"] === undefined || fields["names"] === null,
    size,
    region,
    image: image.id,
    features: featuresOf(fields),
    tags: readTags(fields["tags"]),
    volumes: volumesOf(cloud, region, fields["volumes"]),
    userData: userDataOf(fields["user_data"]),
  };
}

/** By id or by slug. */
export function findImage({ images }: Cloud, wanted: unknown): Cloud["images"][number] | undefined {
  return images.find(({ id, slug }) => wanted === slug || String(wanted) === String(id));
}

/** Without one, a droplet comes into the default network of its region. */
function checkNetwork({ networks }: Cloud, region: string, wanted: unknown): void {
  if (wanted === undefined || wanted === null || wanted === "") return;
  if (networks.get(String(wanted))?.region !== region) {
    throw unprocessable("You specified an invalid VPC for Droplet creation.");
  }
}

function namesOf({ name, names }: Record<string, unknown>): string[] {
  const wanted = Array.isArray(names) ? (names as unknown[]) : [name];
  if (wanted.length === 0 || wanted.length > mostAtOnce) {
    throw unprocessable(`Between 1 and ${mostAtOnce} names are accepted at a time.`);
  }
  return wanted.map((each) => {
    if (typeof each !== "string" || each === "") throw unprocessable("Name can't be blank");
    if (!/^[A-Za-z0-9]([A-Za-z0-9.-]{0,253}[A-Za-z0-9])?$/.test(each)) {
      throw unprocessable("Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)");
    }
    return each;
  });
}

function regionOf(cloud: Cloud, size: Size, wanted: unknown): string {
  const [anywhere] = size.regions;
  if ((wanted === undefined || wanted === null || wanted === "") && anywhere !== undefined) return anywhere;
  if (typeof wanted !== "string" || !cloud.regions.includes(wanted)) {
    throw unprocessable("You specified an invalid region for Droplet creation.");
  }
  if (!size.regions.includes(wanted)) throw unprocessable("Size is not available in this region.");
  return wanted;
}

function checkKeys(cloud: Cloud, wanted: unknown): void {
  const known = new Set(cloud.keys.all().flatMap(({ id, fingerprint }) => [String(id), fingerprint]));
  const unknown = listOf(wanted, "ssh_keys")
    .map(String)
    .filter((key) => !known.has(key));
  if (unknown.length > 0) {
    throw unprocessable(`${unknown.join(", ")} are invalid key identifiers for Droplet creation.`);
  }
}

function featuresOf(fields: Record<string, unknown>): string[] {
  const asked = ["backups", "ipv6", "monitoring"].filter((name) => {
    const value = fields[name] ?? false;
    if (typeof value !== "boolean") throw unprocessable(`${name} must be a boolean`);
    return value;
  });
  const agent = fields["with_droplet_agent"] === false ? [] : ["droplet_agent"];
  return [...asked, ...agent, "private_networking"];
}

function volumesOf(cloud: Cloud, region: string, wanted: unknown): Volume[] {
  return listOf(wanted, "volumes").map((each) => {
    // The plugin's client sends objects, the documentation has ids.
    const id = typeof each === "object" && each !== null ? (each as { id?: unknown }).id : each;
    const volume = cloud.volumes.get(String(id));
    if (volume === undefined || volume.region !== region) {
      throw unprocessable("Invalid volume identifier(s) for Droplet creation.");
    }
    if (volume.droplet !== null) throw unprocessable("Volume is already attached to a Droplet.");
    return volume;
  });
}

function userDataOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw unprocessable("User data must be a string");
  if (new TextEncoder().encode(value).length > mostUserData) throw unprocessable("User data is too long (64 KiB)");
  return value;
}

function listOf(value: unknown, name: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unprocessable(`${name} must be an array`);
  return value as unknown[];
}
