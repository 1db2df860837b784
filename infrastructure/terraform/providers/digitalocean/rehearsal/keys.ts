import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import { route, type Cloud, type SshKey } from "./cloud.ts";
import { existing, fieldsOf, listReply, unprocessable } from "./replies.ts";

export function keyRoutes(cloud: Cloud): Route[] {
  return [
    route("GET", "/v2/account/keys", (request) =>
      listReply("ssh_keys", cloud.keys.all(), request, cloud.kit, presentKey),
    ),
    route("POST", "/v2/account/keys", (request) => create(cloud, request)),
    route("GET", "/v2/account/keys/:id", (request) => reply(200, keyOf(cloud, request))),
    route("PUT", "/v2/account/keys/:id", (request) => {
      const key = keyOf(cloud, request);
      return reply(200, cloud.keys.put({ ...key, name: nameOf(fieldsOf(request)) }));
    }),
    route("DELETE", "/v2/account/keys/:id", (request) => {
      cloud.keys.remove(keyOf(cloud, request).id);
      return { status: 204 };
    }),
  ];
}

function presentKey({ id, name, publicKey, fingerprint }: SshKey): Record<string, unknown> {
  return { id, fingerprint, public_key: publicKey, name };
}

function reply(status: number, key: SshKey): Reply {
  return { status, body: { ssh_key: presentKey(key) } };
}

/** Named by id or by fingerprint. */
function keyOf(cloud: Cloud, { params }: ApiRequest): SshKey {
  const wanted = params["id"] ?? "";
  return existing(cloud.keys.find(({ id, fingerprint }) => String(id) === wanted || fingerprint === wanted));
}

function create(cloud: Cloud, request: ApiRequest): Reply {
  const fields = fieldsOf(request);
  const name = nameOf(fields);
  const publicKey = fields["public_key"];
  if (typeof publicKey !== "string" || publicKey.trim() === "") throw unprocessable("Public key can't be blank");
  const fingerprint = cloud.kit.keyFingerprint(publicKey);
  if (fingerprint === undefined) throw unprocessable("Key invalid, key should be of the format `type key [comment]`");
  if (cloud.keys.find((key) => key.fingerprint === fingerprint) !== undefined) {
    throw unprocessable("SSH Key is already in use on your account");
  }
  return reply(201, cloud.keys.put({ id: cloud.kit.number(), name, publicKey: publicKey.trim(), fingerprint }));
}

function nameOf({ name }: Record<string, unknown>): string {
  if (typeof name !== "string" || name === "") throw unprocessable("Name can't be blank");
  return name;
}
