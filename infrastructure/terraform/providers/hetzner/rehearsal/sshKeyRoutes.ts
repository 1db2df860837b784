import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import type { Cloud, SshKey } from "./cloud.ts";
import { fingerprintOf } from "./fingerprintOf.ts";
import type { Labels } from "./labels.ts";
import { answer, failure, fieldsOf, invalid, jsonError } from "./replies.ts";
import { checkNaming, nameTaken, resourceRoutes } from "./resourceRoutes.ts";

export function sshKeyRoutes(cloud: Cloud): Route[] {
  const { sshKeys } = cloud;
  return [
    ...resourceRoutes(
      {
        path: "ssh_keys",
        key: "ssh_key",
        items: sshKeys,
        show: showSshKey,
        keep: ({ fingerprint }, query) => !query.has("fingerprint") || query.get("fingerprint") === fingerprint,
        remove({ id }) {
          sshKeys.remove(id);
          return answer(204);
        },
      },
      cloud,
    ),
    { method: "POST", path: "/v1/ssh_keys", handle: (request) => create(request, cloud) },
  ];
}

function create(request: ApiRequest, cloud: Cloud): Reply {
  const fields = fieldsOf(request);
  if (fields === undefined) return jsonError();
  const wrong = checkNaming(fields, true);
  const publicKey = String(fields["public_key"] ?? "");
  const fingerprint = fingerprintOf(publicKey, cloud.kit);
  if (fingerprint === undefined) wrong["public_key"] = publicKey === "" ? "is required" : "is not a valid public key";
  if (Object.keys(wrong).length > 0 || fingerprint === undefined) return invalid(wrong);
  const { sshKeys } = cloud;
  if (sshKeys.all().some(({ name }) => name === fields["name"])) return nameTaken("ssh_key");
  if (sshKeys.all().some((key) => key.fingerprint === fingerprint)) {
    return failure(409, "uniqueness_error", "SSH key not unique", {
      fields: [{ name: "public_key", messages: ["is already used"] }],
    });
  }
  const key = sshKeys.put({
    ...cloud.named(String(fields["name"]), (fields["labels"] ?? undefined) as Labels | undefined),
    publicKey,
    fingerprint,
  });
  return answer(201, { ssh_key: showSshKey(key) });
}

function showSshKey({ id, name, labels, created, publicKey, fingerprint }: SshKey): object {
  return { id, name, labels, created, public_key: publicKey, fingerprint };
}
