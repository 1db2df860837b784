import { linkTo, type Located } from "./links.ts";

export interface Image {
  id: string;
  project: string;
  name: string;
  family: string;
  architecture: "X86_64" | "ARM64";
  description: string;
  created: string;
}

/** The newest of each family that the providers' users are likely to ask for. */
export const images: readonly Image[] = [
  ubuntu("2404", "noble", "lts-amd64", "amd64", "v20251021"),
  ubuntu("2404", "noble", "lts-arm64", "arm64", "v20251021"),
  ubuntu("2204", "jammy", "lts", "", "v20251023"),
  ubuntu("2204", "jammy", "lts-arm64", "arm64", "v20251023"),
  debian(13, "trixie", "X86_64", "v20251014"),
  debian(13, "trixie", "ARM64", "v20251014"),
  debian(12, "bookworm", "X86_64", "v20251014"),
  debian(12, "bookworm", "ARM64", "v20251014"),
].map((image, index) => ({ ...image, id: `34719028461039750${10 + index}` }));

/** GiB; a boot disk cannot be smaller. */
export const imageSize = 10;

/** The image that `projects/P/global/images/N` or `…/family/N` stands for. */
export function findImage({ project, name }: Located, family: boolean): Image | undefined {
  return images.find((image) => image.project === project && (family ? image.family : image.name) === name);
}

export function showImage(image: Image): object {
  const { project, name, family, architecture, description, created, id } = image;
  return {
    kind: "compute#image",
    id,
    creationTimestamp: created,
    name,
    description,
    family,
    architecture,
    status: "READY",
    sourceType: "RAW",
    rawDisk: { source: "", containerType: "TAR" },
    diskSizeGb: String(imageSize),
    archiveSizeBytes: "1138204160",
    storageLocations: ["asia", "eu", "us"],
    guestOsFeatures: [{ type: "VIRTIO_SCSI_MULTIQUEUE" }, { type: "UEFI_COMPATIBLE" }, { type: "GVNIC" }],
    labelFingerprint: "42WmSpB8rSM=",
    selfLink: linkTo(`projects/${project}/global/images/${name}`),
  };
}

type Draft = Omit<Image, "id">;

function ubuntu(version: string, codename: string, variant: string, architecture: string, date: string): Draft {
  const arm = architecture === "arm64";
  return {
    project: "ubuntu-os-cloud",
    name: ["ubuntu", version, codename, architecture, date].filter((part) => part !== "").join("-"),
    family: `ubuntu-${version}-${variant}`,
    architecture: arm ? "ARM64" : "X86_64",
    description: `Canonical, Ubuntu, ${version.slice(0, 2)}.${version.slice(2)} LTS, ${arm ? "arm64" : "amd64"} ${codename} image`,
    created: createdOn(date),
  };
}

function debian(version: number, codename: string, architecture: Image["architecture"], date: string): Draft {
  const suffix = architecture === "ARM64" ? "-arm64" : "";
  return {
    project: "debian-cloud",
    name: `debian-${version}-${codename}${suffix}-${date}`,
    family: `debian-${version}${suffix}`,
    architecture,
    description: `Debian, Debian GNU/Linux, ${version} (${codename}), ${suffix === "" ? "amd64" : "arm64"}`,
    created: createdOn(date),
  };
}

/** @param version such as `v20251021` */
function createdOn(version: string): string {
  return version.replace(/^v(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3T08:00:00.000-07:00");
}
