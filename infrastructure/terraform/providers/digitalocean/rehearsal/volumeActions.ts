import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import { actionsOf, presentAction, requireIdle, startAction } from "./actions.ts";
import { route, type Action, type Cloud, type Droplet, type Volume } from "./cloud.ts";
import { existing, fieldsOf, listReply, unprocessable } from "./replies.ts";
import { largestVolume, requireVolumeIdle, volumeOf } from "./volumes.ts";

const mostPerDroplet = 15;

export function volumeActionRoutes(cloud: Cloud): Route[] {
  const present = (action: Action): unknown => presentAction(cloud, action);
  return [
    route("GET", "/v2/volumes/:id/actions", (request) => {
      const { id } = volumeOf(cloud, request);
      return listReply(
        "actions",
        actionsOf(cloud, ({ volume }) => volume === id),
        request,
        cloud.kit,
        present,
      );
    }),
    route("POST", "/v2/volumes/:id/actions", (request) => act(cloud, volumeOf(cloud, request), request)),
    route("POST", "/v2/volumes/actions", (request) => {
      const { volume_name: name, region } = fieldsOf(request);
      const volume = cloud.volumes.find((each) => each.name === name && (!region || each.region === region));
      return act(cloud, existing(volume), request);
    }),
    route("GET", "/v2/volumes/:id/actions/:action", ({ params }) => {
      const action = existing(cloud.actions.get(Number(params["action"])));
      existing(action.volume === params["id"] ? action : undefined);
      return { status: 200, body: { action: present(action) } };
    }),
  ];
}

function act(cloud: Cloud, volume: Volume, request: ApiRequest): Reply {
  const fields = fieldsOf(request);
  if (fields["region"] && fields["region"] !== volume.region) throw unprocessable("region does not match the volume's");
  requireVolumeIdle(cloud, volume);
  const action = startAction(cloud, {
    region: volume.region,
    resource: { type: "backend", id: null },
    volume: volume.id,
    ...detailsOf(cloud, volume, fields),
  });
  return { status: 202, body: { action: presentAction(cloud, action) } };
}

function detailsOf(
  cloud: Cloud,
  volume: Volume,
  fields: Record<string, unknown>,
): Pick<Action, "type"> & Partial<Action> {
  switch (fields["type"]) {
    case "attach": {
      const droplet = dropletOf(cloud, volume, fields);
      if (volume.droplet !== null) throw unprocessable("Volume is already attached to a Droplet.");
      if (cloud.volumes.all().filter((each) => each.droplet === droplet.id).length >= mostPerDroplet) {
        throw unprocessable(`A Droplet can have at most ${mostPerDroplet} volumes.`);
      }
      return { type: "attach_volume", droplet: droplet.id };
    }
    case "detach": {
      const droplet = dropletOf(cloud, volume, fields);
      if (volume.droplet !== droplet.id) throw unprocessable("Volume is not attached to this Droplet.");
      return { type: "detach_volume", droplet: droplet.id };
    }
    case "resize": {
      const size = fields["size_gigabytes"];
      if (typeof size !== "number" || size <= volume.size || size > largestVolume) {
        throw unprocessable("Volumes may only be resized upwards.");
      }
      return { type: "resize_volume", value: String(size) };
    }
    default:
      throw unprocessable("type must be attach, detach or resize");
  }
}

function dropletOf(cloud: Cloud, volume: Volume, fields: Record<string, unknown>): Droplet {
  const droplet = existing(cloud.droplets.get(Number(fields["droplet_id"])));
  if (droplet.region !== volume.region) throw unprocessable("The volume and the Droplet must be in the same region.");
  requireIdle(cloud, droplet);
  return droplet;
}
