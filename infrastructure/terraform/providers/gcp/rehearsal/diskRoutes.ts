import { findIn, type Cloud, type Disk, type Instance } from "./cloud.ts";
import { isDiskType } from "./catalogRoutes.ts";
import { findImage, imageSize, type Image } from "./images.ts";
import { labelEndpoint, labelsIn, showLabels } from "./labels.ts";
import { linkOf, linkTo, parseLink, pathOf, type Located } from "./links.ts";
import { listed } from "./lists.ts";
import { deleting, started } from "./operations.ts";
import { alreadyExists, bodyOf, inUse, invalid, missing, nameIn, notFound, numberIn, textIn } from "./replies.ts";
import type { Call, Endpoint } from "./routing.ts";
import { stamp } from "./stamps.ts";

/** Instances that a disk is attached to. */
export function usersOf(disk: Located, { instances }: Cloud): Instance[] {
  const path = pathOf(disk, "disks");
  return instances.all().filter(({ attachments }) => attachments.some((item) => item.disk === path));
}

export function diskTypeIn(link: string | undefined, home: Located, field: string): string {
  if (link === undefined || link === "") return "pd-standard";
  const type = parseLink(link, "diskTypes", home);
  if (type === undefined || type.place !== home.place) return invalid(field, link, "The URL is malformed.");
  return isDiskType(type.name) ? type.name : notFound(pathOf(type, "diskTypes"));
}

export function imageIn(link: string, home: Located, field: string): Image {
  const global = { project: home.project, place: "global" };
  const family = /(^|\/)family\//.test(link);
  const image = parseLink(link.replace(/family\/([^/]+)$/, "$1"), "images", global);
  if (image === undefined) return invalid(field, link, "The URL is malformed.");
  return (
    findImage(image, family) ??
    notFound(`projects/${image.project}/global/images/${family ? "family/" : ""}${image.name}`)
  );
}

export function checkSize(size: number, image: Image | undefined, field: string): number {
  if (image !== undefined && size < imageSize) {
    return invalid(field, String(size), `Requested disk size cannot be smaller than the image size (${imageSize} GB)`);
  }
  return size >= 1 && size <= 65_536 ? size : invalid(field, String(size), "Must be between 1 and 65536 GB.");
}

function insert(call: Call, cloud: Cloud): object {
  const fields = bodyOf(call.request);
  const located = { ...call, name: nameIn(fields) };
  if (findIn(cloud.disks, located) !== undefined) return alreadyExists(pathOf(located, "disks"));
  const source = call.request.query.get("sourceImage") ?? textIn(fields, "sourceImage") ?? "";
  const image = source === "" ? undefined : imageIn(source, call, "resource.sourceImage");
  const size = numberIn(fields, "sizeGb");
  const disk: Disk = {
    ...cloud.thing(
      { project: call.project, place: call.place, name: located.name },
      { description: textIn(fields, "description"), labels: labelsIn(fields) },
    ),
    size: checkSize(size ?? (image === undefined ? 500 : imageSize), image, "resource.sizeGb"),
    type: diskTypeIn(textIn(fields, "type"), call, "resource.type"),
    ...(image === undefined ? {} : { image: pathOf({ ...image, place: "global" }, "images") }),
  };
  return started(cloud, "insert", cloud.disks.put(disk), "disks");
}

function showDisk(disk: Disk, cloud: Cloud): object {
  const users = usersOf(disk, cloud).map((instance) => linkOf(instance, "instances"));
  const zone = linkTo(`projects/${disk.project}/${disk.place}`);
  return {
    kind: "compute#disk",
    id: disk.id,
    creationTimestamp: stamp(disk.created),
    name: disk.name,
    ...(disk.description === "" ? {} : { description: disk.description }),
    sizeGb: String(disk.size),
    type: `${zone}/diskTypes/${disk.type}`,
    zone,
    status: disk.goneAt === undefined ? "READY" : "DELETING",
    ...(disk.image === undefined ? {} : { sourceImage: linkTo(disk.image), sourceImageId: "3471902846103975010" }),
    ...(users.length === 0 ? {} : { users }),
    ...showLabels(disk.labels),
    physicalBlockSizeBytes: "4096",
    enableConfidentialCompute: false,
    selfLink: linkOf(disk, "disks"),
  };
}

export function diskEndpoints(cloud: Cloud): Endpoint[] {
  const { disks } = cloud;
  const find = (call: Call): Disk => findIn(disks, call) ?? notFound(pathOf(call, "disks"));
  return [
    { method: "POST", path: "zones/:zone/disks", handle: (call) => insert(call, cloud) },
    {
      method: "GET",
      path: "zones/:zone/disks",
      handle({ project, place, request }) {
        const own = disks.all().filter((disk) => disk.project === project && disk.place === place);
        return listed(
          "compute#disk",
          own.map((disk) => showDisk(disk, cloud)),
          request,
        );
      },
    },
    { method: "GET", path: "zones/:zone/disks/:name", handle: (call) => showDisk(find(call), cloud) },
    {
      method: "DELETE",
      path: "zones/:zone/disks/:name",
      handle(call) {
        const disk = find(call);
        const [user] = usersOf(disk, cloud);
        if (user !== undefined) return inUse("disk", pathOf(disk, "disks"), pathOf(user, "instances"));
        return deleting(cloud, disk, "disks", (gone) => void disks.put(gone));
      },
    },
    {
      method: "POST",
      path: "zones/:zone/disks/:name/resize",
      handle(call) {
        const disk = find(call);
        const size = numberIn(bodyOf(call.request), "sizeGb", "sizeGb") ?? missing("sizeGb");
        if (size <= disk.size) {
          return invalid(
            "sizeGb",
            String(size),
            `New disk size '${size}' GiB must be larger than existing size '${disk.size}' GiB.`,
          );
        }
        disks.put({ ...disk, size: checkSize(size, undefined, "sizeGb") });
        return started(cloud, "resize", disk, "disks");
      },
    },
    labelEndpoint<Disk>(cloud, { path: "zones/:zone/disks", kind: "disks", collection: () => disks }),
  ];
}
