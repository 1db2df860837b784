import type { ApiRequest, Reply } from "landfall/rehearsal";
import type { Region } from "./existing.ts";
import { findInstance, findVolume, isGroupUsed, isInstanceType, userOfAddress } from "./facts.ts";
import { refuse } from "./replies.ts";
import { actionOf, fieldOf, listed } from "./requests.ts";

/** What AWS refuses and moto would do; undefined where moto decides, also on what does not exist. */
export async function refusalOf(request: ApiRequest, region: Region): Promise<Reply | undefined> {
  const need = (name: string): string => fieldOf(request, name) ?? "";
  switch (actionOf(request)) {
    case "RunInstances":
      return refuseUserData(need("UserData"));
    case "StartInstances":
    case "StopInstances":
      return refuseTerminated(request, region);
    case "ModifyInstanceAttribute":
      return refuseUserData(need("UserData.Value")) ?? refuseType(request, region);
    case "CreateVolume":
      return Number(fieldOf(request, "Size") ?? 1) >= 1
        ? undefined
        : refuse("InvalidParameterValue", `Volume of ${need("Size")}GiB is too small; minimum is 1GiB.`);
    case "ModifyVolume":
      return Number(fieldOf(request, "Size") ?? Infinity) >= ((await findVolume(need("VolumeId"), region))?.size ?? 0)
        ? undefined
        : refuse("InvalidParameterValue", "New size cannot be smaller than existing size");
    case "AttachVolume":
      return refuseAttachment(need("VolumeId"), need("InstanceId"), region);
    case "DetachVolume":
      return refuseDetachment(need("VolumeId"), region);
    case "DeleteSecurityGroup":
      return refuseGroup(fieldOf(request, "GroupId"), need("GroupName"), region);
    case "ReleaseAddress":
      return (await userOfAddress(need("AllocationId"), region)) === undefined
        ? undefined
        : refuse("InvalidIPAddress.InUse", `The address with allocation ID '${need("AllocationId")}' is in use.`);
    default:
      return undefined;
  }
}

/** @param data in base64 */
function refuseUserData(data: string): Reply | undefined {
  const bytes = Math.floor((data.replace(/[\s=]/g, "").length * 3) / 4);
  return bytes <= 16_384 ? undefined : refuse("InvalidParameterValue", "User data is limited to 16384 bytes");
}

async function refuseTerminated(request: ApiRequest, region: Region): Promise<Reply | undefined> {
  const verb = actionOf(request) === "StartInstances" ? "started" : "stopped";
  for (const [, id] of listed(request, /^InstanceId\.\d+$/)) {
    // One after the other: the first is told.
    if ((await findInstance(id, region))?.state !== "terminated") continue;
    const message = `The instance '${id}' is not in a state from which it can be ${verb}.`;
    return refuse("IncorrectInstanceState", message);
  }
  return undefined;
}

async function refuseType(request: ApiRequest, region: Region): Promise<Reply | undefined> {
  const named = fieldOf(request, "Attribute") === "instanceType" ? fieldOf(request, "Value") : undefined;
  const type = fieldOf(request, "InstanceType.Value") ?? named;
  if (type === undefined) return undefined;
  const id = fieldOf(request, "InstanceId") ?? "";
  const instance = await findInstance(id, region);
  if (instance === undefined) return undefined;
  if (!(await isInstanceType(type, region))) {
    return refuse("InvalidInstanceAttributeValue", `Invalid value '${type}' for InstanceType.`);
  }
  if (instance.state === "stopped") return undefined;
  return refuse("IncorrectInstanceState", `The instance '${id}' is not in the 'stopped' state.`);
}

async function refuseAttachment(id: string, instanceId: string, region: Region): Promise<Reply | undefined> {
  const volume = await findVolume(id, region);
  const instance = await findInstance(instanceId, region);
  if (volume === undefined || instance === undefined) return undefined;
  if (volume.user !== undefined) return refuse("VolumeInUse", `${id} is already attached to an instance`);
  if (volume.zone === instance.zone) return undefined;
  const message = `The volume '${id}' is not in the same availability zone as instance '${instanceId}'`;
  return refuse("InvalidVolume.ZoneMismatch", message);
}

async function refuseDetachment(id: string, region: Region): Promise<Reply | undefined> {
  const volume = await findVolume(id, region);
  if (volume === undefined || volume.user !== undefined) return undefined;
  return refuse("IncorrectState", `Volume '${id}' is in the 'available' state.`);
}

async function refuseGroup(id: string | undefined, name: string, region: Region): Promise<Reply | undefined> {
  if (!(await isGroupUsed(id === undefined ? { name } : { id }, region))) return undefined;
  return refuse("DependencyViolation", `resource ${id ?? name} has a dependent object`);
}
