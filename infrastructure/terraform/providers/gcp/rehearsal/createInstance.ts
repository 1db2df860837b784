import { findAddress, isDocumentation } from "./addressRoutes.ts";
import { findMachineType } from "./catalogRoutes.ts";
import { findIn, type Address, type Cloud, type Instance, type MachineType } from "./cloud.ts";
import { attachmentsIn, type PlannedDisk } from "./attachments.ts";
import { givenIn } from "./given.ts";
import { labelsIn } from "./labels.ts";
import { nameOfPlace, parseLink, pathOf, regionOfZone, type Located } from "./links.ts";
import { findNetwork, findSubnetwork, rangeOf } from "./networkRoutes.ts";
import { begin, failures, showOperation, zoneOf } from "./operations.ts";
import {
  alreadyExists,
  bodyOf,
  checkName,
  flagIn,
  invalid,
  missing,
  nameIn,
  neededIn,
  objectIn,
  objectsIn,
  textIn,
  textsIn,
  type Fields,
} from "./replies.ts";
import type { Call } from "./routing.ts";

/** Everything is checked before anything is made. */
export async function insertInstance(call: Call, cloud: Cloud): Promise<object> {
  const fields = bodyOf(call.request);
  const located = { project: call.project, place: call.place, name: nameIn(fields) };
  if (findIn(cloud.instances, located) !== undefined) return alreadyExists(pathOf(located, "instances"));
  const type = machineTypeIn(fields, located, cloud);
  const disks = attachmentsIn(fields, located, type, cloud);
  const networking = interfaceIn(fields, located, cloud);
  const common = cloud.thing(located, { description: textIn(fields, "description"), labels: labelsIn(fields) });
  const metadata = metadataIn(objectIn(fields, "metadata") ?? {});
  const rest = {
    metadata,
    tags: tagsIn(objectIn(fields, "tags") ?? {}),
    deletionProtection: flagIn(fields, "deletionProtection") ?? false,
    canIpForward: flagIn(fields, "canIpForward") ?? false,
    given: givenIn(fields),
    scheduling: schedulingIn(objectIn(fields, "scheduling") ?? {}),
  };
  if (cloud.kit.actionFails()) {
    const failing = begin(cloud, { type: "insert", thing: common, kind: "instances", error: failures.internal });
    return showOperation(failing, cloud);
  }
  const operation = begin(cloud, { type: "insert", thing: common, kind: "instances" });
  const machine = await cloud.kit.machines.create({
    id: common.id,
    name: common.name,
    memory: type.memory,
    vcpus: type.vcpus,
    disk: disks[0]?.size ?? 10,
    userData: metadata.find(({ key }) => key === "user-data")?.value ?? "",
  });
  cloud.instances.put({
    ...common,
    ...rest,
    machineType: type.name,
    status: "RUNNING",
    phase: { status: "PROVISIONING", until: operation.ends },
    attachments: disks.map((disk) => keep(disk, cloud)),
    network: networking.network,
    subnetwork: networking.subnetwork,
    networkAddress: `10.${rangeOf(regionOfZone(zoneOf(common)), cloud)}.0.${2 + cloud.instances.all().length}`,
    accessConfigs: networking.accessConfigs.map(({ name, address }) => ({
      name,
      address: address === undefined ? machine.ipv4 : staticAddress(address, machine.ipv4, cloud),
    })),
    ephemeralAddress: machine.ipv4,
  });
  return showOperation(operation, cloud);
}

export function machineTypeIn(fields: Fields, home: Located, cloud: Cloud): MachineType {
  const link = neededIn(fields, "machineType");
  const parsed = parseLink(link, "machineTypes", home);
  if (parsed === undefined || parsed.place !== home.place) {
    return invalid("resource.machineType", link, "The referenced resource must be in the zone of the instance.");
  }
  const zone = nameOfPlace(home.place);
  return (
    findMachineType(parsed.name, zone, cloud) ??
    invalid("resource.machineType", link, `Machine type with name '${parsed.name}' does not exist in zone '${zone}'.`)
  );
}

export function metadataIn(fields: Fields): Instance["metadata"] {
  const items = objectsIn(fields, "items", "resource.metadata.items").map((item, index) => {
    const field = `resource.metadata.items[${index}]`;
    const key = neededIn(item, "key", `${field}.key`);
    if (!/^[a-zA-Z0-9-_]{1,128}$/.test(key))
      return invalid(`${field}.key`, key, "Must be a match of regex '[a-zA-Z0-9-_]{1,128}'");
    const value = textIn(item, "value", `${field}.value`) ?? "";
    if (value.length > 262_144)
      return invalid(`${field}.value`, `${value.slice(0, 20)}…`, "Value is too large: maximum size 262144 characters.");
    return { key, value };
  });
  const keys = items.map(({ key }) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  return twice === undefined ? items : invalid("resource.metadata.items", twice, "Metadata has duplicate keys.");
}

export function tagsIn(fields: Fields): string[] {
  const tags = textsIn(fields, "items", "resource.tags.items") ?? [];
  return tags.map((tag, index) => checkName(tag, `resource.tags.items[${index}]`));
}

function schedulingIn(fields: Fields): Instance["scheduling"] {
  const field = "resource.scheduling";
  return {
    onHostMaintenance: textIn(fields, "onHostMaintenance", `${field}.onHostMaintenance`) ?? "MIGRATE",
    automaticRestart: flagIn(fields, "automaticRestart", `${field}.automaticRestart`) ?? true,
    preemptible: flagIn(fields, "preemptible", `${field}.preemptible`) ?? false,
  };
}

interface Networking {
  network: string;
  subnetwork: string;
  accessConfigs: { name: string; address: Address | undefined }[];
}

function interfaceIn(fields: Fields, home: Located, cloud: Cloud): Networking {
  const interfaces = objectsIn(fields, "networkInterfaces");
  const [first] = interfaces;
  if (first === undefined) return missing("resource.networkInterfaces");
  if (interfaces.length > 1) {
    return invalid(
      "resource.networkInterfaces",
      `${interfaces.length}`,
      "The simulation supports one network interface.",
    );
  }
  const field = "resource.networkInterfaces[0]";
  const link = textIn(first, "network", `${field}.network`) ?? "";
  const network = findNetwork(link === "" ? "global/networks/default" : link, home.project, `${field}.network`);
  const place = `regions/${regionOfZone(nameOfPlace(home.place))}`;
  const sub = textIn(first, "subnetwork", `${field}.subnetwork`) ?? "";
  const subnetwork = findSubnetwork(
    sub === "" ? "default" : sub,
    { project: home.project, place },
    `${field}.subnetwork`,
  );
  const configs = objectsIn(first, "accessConfigs", `${field}.accessConfigs`);
  if (configs.length > 1)
    return invalid(`${field}.accessConfigs`, `${configs.length}`, "At most one access config is allowed.");
  return {
    network: pathOf(network, "networks"),
    subnetwork: pathOf(subnetwork, "subnetworks"),
    accessConfigs: configs.map((config) => accessConfigIn(config, home, cloud)),
  };
}

export function accessConfigIn(
  config: Fields,
  home: Located,
  cloud: Cloud,
): { name: string; address: Address | undefined } {
  const field = "resource.networkInterfaces[0].accessConfigs[0]";
  const type = textIn(config, "type", `${field}.type`) ?? "ONE_TO_ONE_NAT";
  if (type !== "ONE_TO_ONE_NAT") return invalid(`${field}.type`, type, "Must be ONE_TO_ONE_NAT.");
  const text = textIn(config, "natIP", `${field}.natIP`) ?? "";
  return {
    name: textIn(config, "name", `${field}.name`) ?? "external-nat",
    address: text === "" ? undefined : findAddress({ text, instance: home, field: `${field}.natIP` }, cloud),
  };
}

/** The address that an instance has which was given a static one: where a machine really runs behind it, that one's. */
export function staticAddress(address: Address, machine: string, cloud: Cloud): string {
  if (isDocumentation(machine)) return address.address;
  return cloud.addresses.put({ ...address, address: machine }).address;
}

function keep(planned: PlannedDisk, cloud: Cloud): Instance["attachments"][number] {
  if (planned.disk !== undefined) cloud.disks.put(planned.disk);
  return planned.attachment;
}
