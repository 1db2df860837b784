import type { Region } from "./existing.ts";

/** What the emulator says of one thing; undefined where there is no such thing. */

export interface Volume {
  /** GiB */
  size: number;
  zone: string;
  /** The instance that has it. */
  user: string | undefined;
}

export async function findVolume(id: string, region: Region): Promise<Volume | undefined> {
  const text = await region.call({ Action: "DescribeVolumes", "VolumeId.1": id });
  if (elementIn(text, "volumeId") === undefined) return undefined;
  return {
    size: Number(elementIn(text, "size")),
    zone: elementIn(text, "availabilityZone") ?? "",
    user: elementIn(elementIn(text, "attachmentSet") ?? "", "instanceId"),
  };
}

export interface Instance {
  /** Such as `running`. */
  state: string;
  zone: string;
}

export async function findInstance(id: string, region: Region): Promise<Instance | undefined> {
  const text = await region.call({ Action: "DescribeInstances", "InstanceId.1": id });
  const state = elementIn(elementIn(text, "instanceState") ?? "", "name");
  if (state === undefined) return undefined;
  return { state, zone: elementIn(elementIn(text, "placement") ?? "", "availabilityZone") ?? "" };
}

/** Whether an instance that is not terminated has a security group, named by its id or by its name. */
export async function isGroupUsed(group: { id: string } | { name: string }, region: Region): Promise<boolean> {
  const text = await region.call({
    Action: "DescribeInstances",
    ...("id" in group ? filter(1, "instance.group-id", group.id) : filter(1, "instance.group-name", group.name)),
    ...filter(2, "instance-state-name", "pending", "running", "stopping", "stopped"),
  });
  return elementIn(text, "instanceId") !== undefined;
}

/** The instance, not terminated, that has an address. */
export async function userOfAddress(allocation: string, region: Region): Promise<string | undefined> {
  const text = await region.call({ Action: "DescribeAddresses", "AllocationId.1": allocation });
  const user = elementIn(text, "instanceId") ?? "";
  if (user === "" || elementIn(text, "associationId") === undefined) return undefined;
  return (await findInstance(user, region))?.state === "terminated" ? undefined : user;
}

export async function isInstanceType(name: string, region: Region): Promise<boolean> {
  const text = await region.call({ Action: "DescribeInstanceTypes", "InstanceType.1": name });
  return elementIn(text, "instanceType") === name;
}

function filter(number: number, name: string, ...values: string[]): Record<string, string> {
  const key = `Filter.${number}`;
  return {
    [`${key}.Name`]: name,
    ...Object.fromEntries(values.map((value, index) => [`${key}.Value.${index + 1}`, value])),
  };
}

/** What stands in the first element of that name. */
function elementIn(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1];
}
