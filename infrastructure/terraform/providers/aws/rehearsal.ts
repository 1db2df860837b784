import type { ApiRequest, Rehearsal, RehearsalKit, Reply, Simulation } from "landfall/rehearsal";
import { complete } from "./rehearsal/complete.ts";
import { existing, type Region } from "./rehearsal/existing.ts";
import { rememberLaunches } from "./rehearsal/launches.ts";
import { startMoto } from "./rehearsal/moto.ts";
import { refusalOf } from "./rehearsal/refusals.ts";
import { error, failure, refuse } from "./rehearsal/replies.ts";
import { actionOf, listed, signerOf } from "./rehearsal/requests.ts";

const accessKey = "AKIAREHEARSAL0000000";

const rehearsal: Rehearsal = {
  environment: {
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: "rehearsal",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  },
  lacks: {
    boot: "its emulator gives instances addresses of its own",
    data: "its emulator keeps everything in memory",
  },
  simulate,
};
export default rehearsal;

/** What moto is let answer: the slice that README.md lists. */
const supported =
  /^(GetCallerIdentity|Run|Start|Stop|Reboot|Terminate)?(Instances|Describe\w+|Modify(Instance\w+|Volume)|CreateTags|DeleteTags|ImportKeyPair|CreateKeyPair|DeleteKeyPair|(Create|Delete)SecurityGroup|(Authorize|Revoke)SecurityGroup\w+|ModifySecurityGroupRules|UpdateSecurityGroup\w+|(Create|Delete|Attach|Detach)Volume|(Allocate|Release|Associate|Disassociate)Address|GetInstanceUefiData|MonitorInstances|UnmonitorInstances)?$/;

async function simulate(kit: RehearsalKit): Promise<Simulation> {
  const moto = await startMoto(kit);
  const regions = new Map<string, Region>();
  const launches = rememberLaunches();
  const forward = async (request: ApiRequest): Promise<Reply> => {
    const action = actionOf(request);
    if (action === undefined || !supported.test(action)) return error("unsupported", request);
    const region = regionOf(request);
    const known = launches.answerOf(request) ?? (await refusalOf(request, region));
    if (known !== undefined) return known;
    const reply = await kit.forward(await complete(request, region), moto.origin);
    if (isMistake(reply)) return refuseFilters(request) ?? error("unsupported", request);
    launches.note(request, reply);
    if (action === "RunInstances" && reply.status === 200 && kit.actionFails()) await failLaunch(region, reply);
    return reply;
  };

  function regionOf(request: ApiRequest): Region {
    const name = signerOf(request)?.region ?? "";
    const region = regions.get(name) ?? existing(moto.origin, name, kit);
    regions.set(name, region);
    return region;
  }

  return {
    routes: [{ method: "POST", path: "/", handle: forward }],
    describe(request) {
      const name = actionOf(request);
      if (name === undefined) return undefined;
      return name === "RunInstances" ? { name, creates: "server" } : { name };
    },
    authenticate(request) {
      const signer = signerOf(request);
      if (signer?.accessKey !== accessKey)
        return failure(401, "AuthFailure", "AWS was not able to validate the provided access credentials");
      if (moto.regions.has(signer.region)) return undefined;
      return failure(401, "AuthFailure", `Credential should be scoped to a valid region, not '${signer.region}'.`);
    },
    error,
    servers: async () => (await Promise.all([...regions.values()].map((region) => region.servers()))).flat(),
    resources: async () => (await Promise.all([...regions.values()].map((region) => region.resources()))).flat(),
    async removeServer(id) {
      for (const region of regions.values()) await terminate(region, id);
    },
    stop: () => moto.stop(),
  };
}

/** An instance that AWS cannot start after all goes from pending to terminated. */
async function failLaunch(region: Region, { body }: Reply): Promise<void> {
  await terminate(region, /<instanceId>(i-[0-9a-f]+)</.exec(String(body))?.[1] ?? "");
}

async function terminate(region: Region, id: string): Promise<void> {
  await region.call({ Action: "TerminateInstances", "InstanceId.1": id });
}

/** Moto's own mistakes come as a page of HTML. */
function isMistake({ status, body }: Reply): boolean {
  return status === 500 && String(body).startsWith("<!doctype");
}

/** What moto mistakes most is a filter that it does not know. */
function refuseFilters(request: ApiRequest): Reply | undefined {
  const names = listed(request, /^Filter\.\d+\.Name$/).map(([, name]) => `'${name}'`);
  if (names.length === 0) return undefined;
  return refuse("InvalidParameterValue", `The simulation does not know the filter ${names.join(" or ")}`);
}
