import type { Cloud, MachineType } from "./cloud.ts";
import { findImage, images, showImage } from "./images.ts";
import { linkTo, nameOfPlace, pathOf, regionOfZone } from "./links.ts";
import { listed } from "./lists.ts";
import { hasArm, zonesOf } from "./places.ts";
import { notFound } from "./replies.ts";
import type { Endpoint } from "./routing.ts";
import { fingerprintOf } from "./stamps.ts";

const since = "2014-05-30T18:35:16.514-07:00";

/** Disk types with their largest size in GiB. */
const diskTypes: Readonly<Record<string, string>> = {
  "pd-balanced": "Balanced Persistent Disk",
  "pd-ssd": "SSD Persistent Disk",
  "pd-standard": "Standard Persistent Disk",
};

export function isDiskType(name: string): boolean {
  return diskTypes[name] !== undefined;
}

/** The type of that name where the zone has it. */
export function findMachineType(name: string, zone: string, cloud: Cloud): MachineType | undefined {
  const type = cloud.types.find((item) => item.name === name);
  if (type === undefined || !type.regions.includes(regionOfZone(zone))) return undefined;
  return type.architecture === "arm64" && !hasArm(zone) ? undefined : type;
}

export function catalogEndpoints(cloud: Cloud): Endpoint[] {
  return [
    { method: "GET", path: "", handle: ({ project }) => showProject(project) },
    ...placeEndpoints(cloud),
    ...typeEndpoints(cloud),
    ...imageEndpoints(),
  ];
}

function showProject(project: string): object {
  return {
    kind: "compute#project",
    id: "7100423918264301177",
    creationTimestamp: since,
    name: project,
    commonInstanceMetadata: { kind: "compute#metadata", fingerprint: fingerprintOf(project) },
    defaultServiceAccount: "451207993811-compute@developer.gserviceaccount.com",
    defaultNetworkTier: "PREMIUM",
    xpnProjectStatus: "UNSPECIFIED_XPN_PROJECT_STATUS",
    quotas: [{ metric: "FIREWALLS", limit: 100, usage: 4 }],
    selfLink: linkTo(`projects/${project}`),
  };
}

function placeEndpoints({ regions }: Cloud): Endpoint[] {
  const zones = regions.flatMap(zonesOf);
  const show = (project: string, kind: "zone" | "region", name: string): object => ({
    kind: `compute#${kind}`,
    id: String(1000 + [...regions, ...zones].indexOf(name) * 10),
    creationTimestamp: since,
    name,
    description: name,
    status: "UP",
    ...(kind === "zone"
      ? { region: linkTo(`projects/${project}/regions/${regionOfZone(name)}`) }
      : { zones: zonesOf(name).map((zone) => linkTo(`projects/${project}/zones/${zone}`)) }),
    selfLink: linkTo(`projects/${project}/${kind}s/${name}`),
  });
  const list = (kind: "zone" | "region", names: readonly string[]): Endpoint => ({
    method: "GET",
    path: `${kind}s`,
    handle: ({ project, request }) =>
      listed(
        `compute#${kind}`,
        names.map((name) => show(project, kind, name)),
        request,
      ),
  });
  const one = (kind: "zone" | "region", names: readonly string[]): Endpoint => ({
    method: "GET",
    path: `${kind}s/:name`,
    handle: ({ project, name }) =>
      names.includes(name) ? show(project, kind, name) : notFound(`projects/${project}/${kind}s/${name}`),
  });
  return [list("region", regions), one("region", regions), list("zone", zones), one("zone", zones)];
}

function typeEndpoints(cloud: Cloud): Endpoint[] {
  const showMachine = (project: string, zone: string, type: MachineType): object => ({
    kind: "compute#machineType",
    id: String(334_000 + cloud.types.indexOf(type)),
    creationTimestamp: since,
    name: type.name,
    description: `${type.vcpus} vCPU, ${type.memory / 1024} GB RAM`,
    guestCpus: type.vcpus,
    memoryMb: type.memory,
    imageSpaceGb: 0,
    maximumPersistentDisks: 128,
    maximumPersistentDisksSizeGb: "263168",
    isSharedCpu: /^e2-(micro|small|medium)$/.test(type.name),
    architecture: type.architecture === "arm64" ? "ARM64" : "X86_64",
    zone,
    selfLink: linkTo(`projects/${project}/zones/${zone}/machineTypes/${type.name}`),
  });
  const showDisk = (project: string, zone: string, name: string): object => ({
    kind: "compute#diskType",
    id: String(30_000 + Object.keys(diskTypes).indexOf(name)),
    creationTimestamp: since,
    name,
    description: diskTypes[name],
    validDiskSize: "10GB-65536GB",
    defaultDiskSizeGb: name === "pd-standard" ? "500" : "100",
    zone: linkTo(`projects/${project}/zones/${zone}`),
    selfLink: linkTo(`projects/${project}/zones/${zone}/diskTypes/${name}`),
  });
  return [
    {
      method: "GET",
      path: "zones/:zone/machineTypes",
      handle({ project, place, request }) {
        const zone = nameOfPlace(place);
        const here = cloud.types.filter(({ name }) => findMachineType(name, zone, cloud) !== undefined);
        const items = here.map((type) => showMachine(project, zone, type));
        return listed("compute#machineType", items, request);
      },
    },
    {
      method: "GET",
      path: "zones/:zone/machineTypes/:name",
      handle(call) {
        const zone = nameOfPlace(call.place);
        const type = findMachineType(call.name, zone, cloud) ?? notFound(pathOf(call, "machineTypes"));
        return showMachine(call.project, zone, type);
      },
    },
    {
      method: "GET",
      path: "zones/:zone/diskTypes",
      handle: ({ project, place, request }) =>
        listed(
          "compute#diskType",
          Object.keys(diskTypes).map((name) => showDisk(project, nameOfPlace(place), name)),
          request,
        ),
    },
    {
      method: "GET",
      path: "zones/:zone/diskTypes/:name",
      handle: (call) =>
        isDiskType(call.name)
          ? showDisk(call.project, nameOfPlace(call.place), call.name)
          : notFound(pathOf(call, "diskTypes")),
    },
  ];
}

function imageEndpoints(): Endpoint[] {
  return [
    {
      method: "GET",
      path: "global/images",
      handle({ project, request }) {
        const own = images.filter((image) => image.project === project);
        return listed("compute#image", own.map(showImage), request);
      },
    },
    {
      method: "GET",
      path: "global/images/:name",
      handle: (call) => showImage(findImage(call, false) ?? notFound(pathOf(call, "images"))),
    },
    {
      method: "GET",
      path: "global/images/family/:name",
      handle: (call) =>
        showImage(
          findImage(call, true) ?? notFound(`${pathOf(call, "images").replace(/[^/]+$/, "")}family/${call.name}`),
        ),
    },
  ];
}
