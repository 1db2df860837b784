import type { ApiRequest } from "landfall/rehearsal";
import type { Region } from "./existing.ts";
import { findVolume } from "./facts.ts";
import { rootDevice } from "./moto.ts";
import { actionOf, fieldOf, listed, withFields } from "./requests.ts";

/** Fills in what AWS does by itself and moto wants to be told. */
export async function complete(request: ApiRequest, region: Region): Promise<ApiRequest> {
  switch (actionOf(request)) {
    case "RunInstances":
      return withFields(request, Object.fromEntries(rootsThatStay(request).map((name) => [name, "true"])));
    case "DetachVolume": {
      if (fieldOf(request, "InstanceId") !== undefined) return request;
      const user = (await findVolume(fieldOf(request, "VolumeId") ?? "", region))?.user;
      return withFields(request, user === undefined ? {} : { InstanceId: user });
    }
    default:
      return request;
  }
}

/** The root volume goes with its instance unless the request says otherwise. */
function rootsThatStay(request: ApiRequest): string[] {
  return listed(request, /^BlockDeviceMapping\.\d+\.DeviceName$/)
    .filter(([, device]) => device === rootDevice)
    .map(([name]) => name.replace(/DeviceName$/, "Ebs.DeleteOnTermination"))
    .filter((name) => fieldOf(request, name) === undefined);
}
