import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import { route, timestamp, type Cloud, type Volume } from "./cloud.ts";
import { presentRegion } from "./presentation.ts";
import { conflict, existing, fieldsOf, listReply, unprocessable } from "./replies.ts";
import { readTags, rememberTags } from "./tags.ts";

/** GiB: the API's 16 TiB. */
export const largestVolume = 16_384;

export function volumeRoutes(cloud: Cloud): Route[] {
  const present = (volume: Volume): unknown => presentVolume(cloud, volume);
  return [
    route("GET", "/v2/volumes", (request) =>
      listReply("volumes", selected(cloud, request), request, cloud.kit, present),
    ),
    route("POST", "/v2/volumes", (request) => ({
      status: 201,
      body: { volume: present(create(cloud, fieldsOf(request))) },
    })),
    route("DELETE", "/v2/volumes", (request) => {
      const { query } = request;
      if (!query.get("name") || !query.get("region")) throw unprocessable("name and region are required");
      return remove(cloud, existing(selected(cloud, request)[0]));
    }),
    route("GET", "/v2/volumes/:id", (request) => ({
      status: 200,
      body: { volume: present(volumeOf(cloud, request)) },
    })),
    route("DELETE", "/v2/volumes/:id", (request) => remove(cloud, volumeOf(cloud, request))),
  ];
}

export function volumeOf(cloud: Cloud, { params }: ApiRequest): Volume {
  return existing(cloud.volumes.get(params["id"] ?? ""));
}

function selected(cloud: Cloud, { query }: ApiRequest): Volume[] {
  const name = query.get("name");
  const region = query.get("region");
  return cloud.volumes
    .all()
    .filter((volume) => (!name || volume.name === name) && (!region || volume.region === region));
}

function create(cloud: Cloud, fields: Record<string, unknown>): Volume {
  const { name, region, size_gigabytes: size } = fields;
  if (typeof name !== "string" || !/^[a-z][a-z0-9-]{0,63}$/.test(name)) {
    throw unprocessable("name must be lowercase and be composed only of numbers, letters and '-', 64 at most");
  }
  if (typeof region !== "string" || !cloud.regions.includes(region)) throw unprocessable("region is invalid");
  if (typeof size !== "number" || !Number.isInteger(size) || size < 1 || size > largestVolume) {
    throw unprocessable(`size_gigabytes must be a number between 1 and ${largestVolume}`);
  }
  if (fields["snapshot_id"]) throw unprocessable("this simulation has no volume snapshots");
  if (cloud.volumes.find((other) => other.name === name && other.region === region) !== undefined) {
    throw conflict("already exists");
  }
  const filesystemType = String(fields["filesystem_type"] ?? "");
  if (!["", "ext4", "xfs"].includes(filesystemType)) throw unprocessable("filesystem_type must be ext4 or xfs");
  const tags = readTags(fields["tags"]);
  rememberTags(cloud, tags);
  return cloud.volumes.put({
    id: cloud.kit.uuid(),
    name,
    description: String(fields["description"] ?? ""),
    region,
    size,
    filesystemType,
    filesystemLabel: String(fields["filesystem_label"] ?? ""),
    tags,
    createdAt: timestamp(cloud.kit.now()),
    droplet: null,
  });
}

/** A volume does one thing at a time. */
export function requireVolumeIdle({ actions }: Cloud, { id }: Volume): void {
  const busy = actions.find(({ volume, status }) => volume === id && status === "in-progress");
  if (busy !== undefined) throw unprocessable("Volume already has a pending event.");
}

function remove(cloud: Cloud, volume: Volume): Reply {
  const { id, droplet } = volume;
  requireVolumeIdle(cloud, volume);
  if (droplet !== null) {
    throw conflict("A volume that's attached to a Droplet cannot be deleted. Please detach it first before deleting.");
  }
  cloud.volumes.remove(id);
  return { status: 204 };
}

function presentVolume(cloud: Cloud, volume: Volume): Record<string, unknown> {
  return {
    id: volume.id,
    name: volume.name,
    created_at: volume.createdAt,
    description: volume.description,
    droplet_ids: volume.droplet === null ? [] : [volume.droplet],
    region: presentRegion(cloud, volume.region),
    size_gigabytes: volume.size,
    filesystem_type: volume.filesystemType,
    filesystem_label: volume.filesystemLabel,
    tags: volume.tags,
  };
}
