import type { ApiRequest, ErrorKind, Rehearsal, RehearsalKit, Reply, Simulation } from "landfall/rehearsal";
import { existing, type Region } from "./rehearsal/existing.ts";
import { startMoto } from "./rehearsal/moto.ts";

const rehearsal: Rehearsal = {
  environment: {
    AWS_ACCESS_KEY_ID: "AKIAREHEARSAL0000000",
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
  const launches = new Map<string, Reply>();
  const forward = async (request: ApiRequest): Promise<Reply> => {
    const action = actionOf(request);
    if (action === undefined || !supported.test(action)) return error("unsupported", request);
    // The same token means the same instances: a client that lost the answer asks again. Moto does not know that.
    const token = action === "RunInstances" ? fieldOf(request, "ClientToken") : undefined;
    const known = token === undefined ? undefined : launches.get(token);
    if (known !== undefined) return known;
    const reply = await kit.forward(request, moto.origin);
    // Moto's own mistakes come as a page of HTML.
    if (reply.status === 500 && String(reply.body).startsWith("<!doctype")) return error("unsupported", request);
    if (token !== undefined && reply.status === 200) launches.set(token, reply);
    if (action === "RunInstances" && reply.status === 200 && kit.actionFails()) await failLaunch(request, reply);
    return reply;
  };

  /** An instance that AWS cannot start after all goes from pending to terminated. */
  async function failLaunch(request: ApiRequest, { body }: Reply): Promise<void> {
    const id = /<instanceId>(i-[0-9a-f]+)</.exec(String(body))?.[1] ?? "";
    await regions.get(regionOf(request))?.call({ Action: "TerminateInstances", "InstanceId.1": id });
  }

  return {
    routes: [{ method: "POST", path: "/", handle: forward }],
    describe(request) {
      const name = actionOf(request);
      if (name === undefined) return undefined;
      return name === "RunInstances" ? { name, creates: "server" } : { name };
    },
    authenticate(request) {
      const region = regionOf(request);
      if (region === "")
        return failure(401, "AuthFailure", "AWS was not able to validate the provided access credentials");
      if (!regions.has(region)) regions.set(region, existing(moto.origin, region, kit));
      return undefined;
    },
    error,
    servers: async () => (await Promise.all([...regions.values()].map((region) => region.servers()))).flat(),
    resources: async () => (await Promise.all([...regions.values()].map((region) => region.resources()))).flat(),
    async removeServer(id) {
      for (const region of regions.values()) await region.call({ Action: "TerminateInstances", "InstanceId.1": id });
    },
    stop: () => moto.stop(),
  };
}

function actionOf(request: ApiRequest): string | undefined {
  return fieldOf(request, "Action");
}

function fieldOf({ body }: ApiRequest, name: string): string | undefined {
  const value = (body as Record<string, unknown> | undefined)?.[name];
  return typeof value === "string" ? value : undefined;
}

/** From the scope of the signature; empty where there is none. */
function regionOf({ headers }: ApiRequest): string {
  const scope = /^AWS4-HMAC-SHA256 Credential=[^/\s]+\/\d{8}\/([a-z0-9-]+)\/[a-z0-9]+\/aws4_request,/;
  return scope.exec(headers["authorization"] ?? "")?.[1] ?? "";
}

function error(kind: ErrorKind, request: ApiRequest): Reply {
  switch (kind) {
    case "rate-limit":
      return failure(503, "RequestLimitExceeded", "Request limit exceeded.");
    case "server-error":
      return failure(500, "InternalError", "An internal error has occurred");
    case "out-of-stock":
      return failure(
        500,
        "InsufficientInstanceCapacity",
        "We currently do not have sufficient capacity in the Availability Zone you requested.",
      );
    case "unsupported":
      return failure(
        501,
        "UnsupportedOperation",
        `The simulation does not support ${actionOf(request) ?? request.path}`,
      );
  }
}

function failure(status: number, code: string, message: string): Reply {
  return {
    status,
    headers: { "content-type": "text/xml;charset=UTF-8" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>00000000-0000-4000-8000-000000000000</RequestID></Response>`,
  };
}
