import { findIn, type Attachment, type Cloud, type Disk, type MachineType } from "./cloud.ts";
import { checkSize, diskTypeIn, imageIn, usersOf } from "./diskRoutes.ts";
import { imageSize } from "./images.ts";
import { labelsIn } from "./labels.ts";
import { parseLink, pathOf, type Located } from "./links.ts";
import {
  alreadyExists,
  checkName,
  flagIn,
  inUse,
  invalid,
  neededIn,
  notFound,
  numberIn,
  objectIn,
  objectsIn,
  refuse,
  textIn,
  type Fields,
} from "./replies.ts";

export interface PlannedDisk {
  attachment: Attachment;
  /** One that has to be made; undefined where it exists. */
  disk: Disk | undefined;
  /** GiB */
  size: number;
}

/** The disks of a new instance; the first is the one that it starts from. */
export function attachmentsIn(fields: Fields, home: Located, type: MachineType, cloud: Cloud): PlannedDisk[] {
  const items = objectsIn(fields, "disks");
  if (items.length === 0) return invalid("resource.disks", "[]", "At least one disk must be specified.");
  const taken = items.flatMap((item) => (typeof item["deviceName"] === "string" ? [item["deviceName"]] : []));
  const planned: PlannedDisk[] = [];
  for (const [index, item] of items.entries()) {
    const slot = { index, taken: [...taken, ...planned.map(({ attachment }) => attachment.deviceName)] };
    const isNew = objectIn(item, "initializeParams") !== undefined;
    planned.push(isNew ? created(item, slot, home, type, cloud) : existing(item, slot, home, cloud));
  }
  if (planned[0]?.attachment.boot !== true) {
    return invalid("resource.disks[0].boot", "false", "The first disk must be a boot disk.");
  }
  return planned;
}

interface Slot {
  index: number;
  /** Device names that others have. */
  taken: readonly string[];
}

/** A disk that exists already, for an instance that is made or runs. */
export function existing(item: Fields, slot: Slot, home: Located, cloud: Cloud): PlannedDisk {
  const field = `resource.disks[${slot.index}]`;
  const link = neededIn(item, "source", `${field}.source`);
  const located = parseLink(link, "disks", home);
  if (located === undefined || located.place !== home.place) {
    return invalid(`${field}.source`, link, "The disk must be in the zone of the instance.");
  }
  const disk = findIn(cloud.disks, located) ?? notFound(pathOf(located, "disks"));
  const [user] = usersOf(disk, cloud);
  if (user !== undefined) return inUse("disk", pathOf(disk, "disks"), pathOf(user, "instances"));
  return { attachment: attachmentOf(item, slot, disk), disk: undefined, size: disk.size };
}

function created(item: Fields, slot: Slot, home: Located, type: MachineType, cloud: Cloud): PlannedDisk {
  const { index } = slot;
  const field = `resource.disks[${index}].initializeParams`;
  const params = objectIn(item, "initializeParams", field) ?? {};
  const link = textIn(params, "sourceImage", `${field}.sourceImage`) ?? "";
  const image = link === "" ? undefined : imageIn(link, home, `${field}.sourceImage`);
  if (image !== undefined && (image.architecture === "ARM64") !== (type.architecture === "arm64")) {
    return refuse(
      400,
      "invalid",
      `Requested boot disk architecture (${image.architecture}) is not compatible with machine type architecture (${type.architecture === "arm64" ? "ARM64" : "X86_64"}).`,
    );
  }
  const name = checkName(
    textIn(params, "diskName", `${field}.diskName`) ?? (index === 0 ? home.name : `${home.name}-${index}`),
    `${field}.diskName`,
  );
  const located = { project: home.project, place: home.place, name };
  if (findIn(cloud.disks, located) !== undefined) return alreadyExists(pathOf(located, "disks"));
  const size = numberIn(params, "diskSizeGb", `${field}.diskSizeGb`) ?? imageSize;
  const disk: Disk = {
    ...cloud.thing(located, { labels: labelsIn(params, `${field}.labels`) }),
    size: checkSize(size, image, `${field}.diskSizeGb`),
    type: diskTypeIn(textIn(params, "diskType", `${field}.diskType`), home, `${field}.diskType`),
    ...(image === undefined ? {} : { image: pathOf({ ...image, place: "global" }, "images") }),
  };
  return { attachment: attachmentOf(item, slot, disk), disk, size };
}

function attachmentOf(item: Fields, { index, taken }: Slot, disk: Located): Attachment {
  const field = `resource.disks[${index}]`;
  const mode = textIn(item, "mode", `${field}.mode`) ?? "READ_WRITE";
  if (mode !== "READ_WRITE" && mode !== "READ_ONLY") {
    return invalid(`${field}.mode`, mode, "Must be READ_WRITE or READ_ONLY.");
  }
  return {
    disk: pathOf(disk, "disks"),
    deviceName: textIn(item, "deviceName", `${field}.deviceName`) ?? freeDevice(taken),
    boot: flagIn(item, "boot", `${field}.boot`) ?? false,
    autoDelete: flagIn(item, "autoDelete", `${field}.autoDelete`) ?? false,
    mode,
  };
}

function freeDevice(taken: readonly string[]): string {
  const names = Array.from({ length: taken.length + 1 }, (_, number) => `persistent-disk-${number}`);
  return names.find((name) => !taken.includes(name)) ?? "";
}
