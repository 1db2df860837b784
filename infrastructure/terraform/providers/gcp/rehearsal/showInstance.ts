import { findMachineType } from "./catalogRoutes.ts";
import type { Attachment, Cloud, Instance } from "./cloud.ts";
import { showLabels } from "./labels.ts";
import { linkOf, linkTo, pathOf } from "./links.ts";
import { zoneOf } from "./operations.ts";
import { fingerprintOf, stamp } from "./stamps.ts";

export function statusOf({ goneAt, phase, status }: Instance, { kit }: Cloud): string {
  if (goneAt !== undefined) return "STOPPING";
  return kit.now() < phase.until ? phase.status : status;
}

export function metadataFingerprint({ metadata }: Instance): string {
  return fingerprintOf(metadata);
}

export function tagsFingerprint({ tags }: Instance): string {
  return fingerprintOf(tags);
}

export function showInstance(instance: Instance, cloud: Cloud): object {
  const zone = linkTo(`projects/${instance.project}/${instance.place}`);
  const { metadata, tags, scheduling } = instance;
  const arm = findMachineType(instance.machineType, zoneOf(instance), cloud)?.architecture === "arm64";
  return {
    kind: "compute#instance",
    id: instance.id,
    creationTimestamp: stamp(instance.created),
    name: instance.name,
    ...(instance.description === "" ? {} : { description: instance.description }),
    status: statusOf(instance, cloud),
    machineType: `${zone}/machineTypes/${instance.machineType}`,
    cpuPlatform: statusOf(instance, cloud) === "RUNNING" ? (arm ? "Ampere Altra" : "AMD Rome") : "Unknown CPU Platform",
    zone,
    tags: { ...(tags.length === 0 ? {} : { items: tags }), fingerprint: tagsFingerprint(instance) },
    metadata: {
      kind: "compute#metadata",
      fingerprint: metadataFingerprint(instance),
      ...(metadata.length === 0 ? {} : { items: metadata }),
    },
    ...showLabels(instance.labels),
    disks: instance.attachments.map((item, index) => showAttachment(item, index, cloud)),
    networkInterfaces: [showInterface(instance)],
    scheduling: { ...scheduling, provisioningModel: "STANDARD" },
    canIpForward: instance.canIpForward,
    deletionProtection: instance.deletionProtection,
    startRestricted: false,
    ...instance.given,
    shieldedInstanceIntegrityPolicy: { updateAutoLearnPolicy: true },
    displayDevice: { enableDisplay: false },
    lastStartTimestamp: stamp(instance.created),
    fingerprint: fingerprintOf([instance.status, instance.machineType, instance.attachments, instance.labels]),
    selfLink: linkOf(instance, "instances"),
  };
}

function showAttachment({ disk, deviceName, boot, autoDelete, mode }: Attachment, index: number, cloud: Cloud): object {
  const own = cloud.disks.find((item) => pathOf(item, "disks") === disk);
  return {
    kind: "compute#attachedDisk",
    type: "PERSISTENT",
    mode,
    source: linkTo(disk),
    deviceName,
    index,
    boot,
    autoDelete,
    interface: "SCSI",
    diskSizeGb: String(own?.size ?? 0),
    ...(boot ? { guestOsFeatures: [{ type: "VIRTIO_SCSI_MULTIQUEUE" }, { type: "UEFI_COMPATIBLE" }] } : {}),
  };
}

function showInterface(instance: Instance): object {
  const { network, subnetwork, networkAddress, accessConfigs } = instance;
  return {
    kind: "compute#networkInterface",
    name: "nic0",
    network: linkTo(network),
    subnetwork: linkTo(subnetwork),
    networkIP: networkAddress,
    stackType: "IPV4_ONLY",
    fingerprint: fingerprintOf([network, subnetwork, accessConfigs]),
    ...(accessConfigs.length === 0
      ? {}
      : {
          accessConfigs: accessConfigs.map(({ name, address }) => ({
            kind: "compute#accessConfig",
            type: "ONE_TO_ONE_NAT",
            name,
            ...(address === undefined ? {} : { natIP: address }),
            networkTier: "PREMIUM",
          })),
        }),
  };
}
