import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import { showAction } from "./actionRoutes.ts";
import { findLocation, showLocation } from "./catalogRoutes.ts";
import type { Cloud, Volume } from "./cloud.ts";
import type { Labels } from "./labels.ts";
import { answer, failure, fieldsOf, invalid, jsonError, notFound } from "./replies.ts";
import { checkNaming, nameTaken, resourceRoutes } from "./resourceRoutes.ts";

/** GiB */
const smallest = 10;
const largest = 10_240;

export function volumeRoutes(cloud: Cloud): Route[] {
  const { volumes } = cloud;
  const act = (
    command: string,
    change: (volume: Volume, fields: Record<string, unknown>) => Volume | Reply,
  ): Route => ({
    method: "POST",
    path: `/v1/volumes/:id/actions/${command}`,
    handle(request) {
      const volume = volumes.get(request.params["id"] ?? "");
      if (volume === undefined) return notFound("volume", request.params["id"] ?? "");
      const changed = change(volume, fieldsOf(request) ?? {});
      if (!("id" in changed)) return changed;
      volumes.put(changed);
      const resources = [volume.server, changed.server].flatMap((id) => (id === null ? [] : [{ id, type: "server" }]));
      const action = cloud.act(command === "change_protection" ? command : `${command}_volume`, [
        { id: volume.id, type: "volume" },
        ...resources.slice(0, 1),
      ]);
      return answer(201, { action: showAction(action, cloud) });
    },
  });
  return [
    ...resourceRoutes(
      {
        path: "volumes",
        key: "volume",
        items: volumes,
        show: showVolume,
        keep: (_volume, query) => !query.has("status") || query.getAll("status").includes("available"),
        remove(volume) {
          if (volume.protected) return failure(423, "protected", "volume is protected against deletion");
          if (volume.server !== null) return failure(423, "locked", "volume is attached to a server");
          volumes.remove(volume.id);
          return answer(204);
        },
      },
      cloud,
    ),
    { method: "POST", path: "/v1/volumes", handle: (request) => create(request, cloud) },
    act("attach", (volume, fields) => {
      const server = cloud.servers.get(Number(fields["server"]));
      if (server === undefined) return invalid({ server: "server not found" });
      if (volume.server !== null) return failure(422, "volume_already_attached", "volume is already attached");
      if (server.location !== volume.location) return invalid({ server: "is in a different location" });
      return { ...volume, server: server.id };
    }),
    act("detach", (volume) =>
      volume.server === null
        ? failure(422, "invalid_input", "volume is not attached to a server")
        : { ...volume, server: null },
    ),
    act("resize", (volume, fields) => {
      const size = Number(fields["size"]);
      if (!Number.isInteger(size) || size <= volume.size || size > largest) {
        return invalid({ size: "must be larger than the present size" });
      }
      return { ...volume, size };
    }),
    act("change_protection", (volume, fields) => ({ ...volume, protected: fields["delete"] === true })),
  ];
}

function create(request: ApiRequest, cloud: Cloud): Reply {
  const fields = fieldsOf(request);
  if (fields === undefined) return jsonError();
  const wrong = checkNaming(fields, true);
  const size = fields["size"];
  if (typeof size !== "number" || !Number.isInteger(size) || size < smallest || size > largest) {
    wrong["size"] = `must be between ${smallest} and ${largest}`;
  }
  const server = fields["server"] === undefined ? undefined : cloud.servers.get(Number(fields["server"]));
  const location = findLocation(server?.location ?? fields["location"]);
  if (fields["server"] !== undefined && server === undefined) wrong["server"] = "server not found";
  else if (location === undefined) wrong["location"] = "a location or a server is required";
  const format = fields["format"] ?? null;
  if (format !== null && format !== "ext4" && format !== "xfs") wrong["format"] = "must be ext4 or xfs";
  if (Object.keys(wrong).length > 0 || location === undefined) return invalid(wrong);
  if (cloud.volumes.all().some(({ name }) => name === fields["name"])) return nameTaken("volume");
  const volume = cloud.volumes.put({
    ...cloud.named(String(fields["name"]), (fields["labels"] ?? undefined) as Labels | undefined),
    size: Number(size),
    location: location.name,
    format: format === null ? null : String(format),
    server: server?.id ?? null,
    protected: false,
  });
  const action = cloud.act("create_volume", [{ id: volume.id, type: "volume" }]);
  const next =
    server === undefined
      ? []
      : [
          cloud.act("attach_volume", [
            { id: volume.id, type: "volume" },
            { id: server.id, type: "server" },
          ]),
        ];
  return answer(201, {
    volume: showVolume(volume),
    action: showAction(action, cloud),
    next_actions: next.map((item) => showAction(item, cloud)),
  });
}

function showVolume(volume: Volume): object {
  const { id, name, labels, created, size, location, format, server } = volume;
  return {
    id,
    name,
    labels,
    created,
    size,
    format,
    server,
    location: showLocation(location),
    linux_device: `/dev/disk/by-id/scsi-0HC_Volume_${id}`,
    protection: { delete: volume.protected },
    status: "available",
  };
}
