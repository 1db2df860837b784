import { findIn, type Cloud, type Instance } from "./cloud.ts";
import { insertInstance } from "./createInstance.ts";
import { labelEndpoint } from "./labels.ts";
import { linkTo, pathOf } from "./links.ts";
import { listed } from "./lists.ts";
import { begin, showOperation } from "./operations.ts";
import { notFound, refuse } from "./replies.ts";
import type { Call, Endpoint } from "./routing.ts";
import { showInstance, statusOf } from "./showInstance.ts";

export function findInstance(call: Call, { instances }: Cloud): Instance {
  return findIn(instances, call) ?? notFound(pathOf(call, "instances"));
}

export function instanceEndpoints(cloud: Cloud): Endpoint[] {
  const { instances } = cloud;
  return [
    { method: "POST", path: "zones/:zone/instances", creates: "server", handle: (call) => insertInstance(call, cloud) },
    {
      method: "GET",
      path: "zones/:zone/instances",
      handle({ project, place, request }) {
        const own = instances.all().filter((item) => item.project === project && item.place === place);
        const shown = own.map((item) => showInstance(item, cloud));
        return listed("compute#instance", shown, request);
      },
    },
    { method: "GET", path: "aggregated/instances", handle: (call) => aggregated(call, cloud) },
    {
      method: "GET",
      path: "zones/:zone/instances/:name",
      handle(call) {
        const instance = findInstance(call, cloud);
        if (statusOf(instance, cloud) === "RUNNING") instances.put({ ...instance, seen: true });
        return showInstance(instance, cloud);
      },
    },
    { method: "DELETE", path: "zones/:zone/instances/:name", handle: (call) => remove(call, cloud) },
    {
      method: "GET",
      path: "zones/:zone/instances/:name/serialPort",
      handle(call) {
        findInstance(call, cloud);
        return { kind: "compute#serialPortOutput", contents: "", start: "0", next: "0" };
      },
    },
    labelEndpoint<Instance>(cloud, {
      path: "zones/:zone/instances",
      kind: "instances",
      collection: () => instances,
    }),
  ];
}

async function remove(call: Call, cloud: Cloud): Promise<object> {
  const instance = findInstance(call, cloud);
  const path = pathOf(instance, "instances");
  if (instance.deletionProtection) {
    return refuse(
      400,
      "resourceInUseByAnotherResource",
      `Invalid resource usage: 'Resource cannot be deleted if it's protected against deletion. ${path}'.`,
    );
  }
  const operation = begin(cloud, { type: "delete", thing: instance, kind: "instances" });
  cloud.instances.put({ ...instance, goneAt: operation.ends });
  await cloud.kit.machines.remove(instance.id);
  return showOperation(operation, cloud);
}

/** Takes an instance away at once, as if somebody had deleted it in the console. */
export async function vanish(instance: Instance, cloud: Cloud): Promise<void> {
  cloud.instances.put({ ...instance, goneAt: 0 });
  cloud.settle();
  await cloud.kit.machines.remove(instance.id);
}

/** By zone; zones without instances are left out. */
function aggregated({ project, request }: Call, cloud: Cloud): object {
  const own = cloud.instances.all().filter((item) => item.project === project);
  const shown = own.map((item) => ({ place: item.place, ...showInstance(item, cloud) }));
  const list = listed("compute#instance", shown, request) as { items?: { place: string }[] };
  const items: Record<string, { instances: object[] }> = {};
  for (const { place, ...instance } of list.items ?? []) {
    items[place] = { instances: [...(items[place]?.instances ?? []), instance] };
  }
  return {
    ...list,
    kind: "compute#instanceAggregatedList",
    items,
    selfLink: linkTo(`projects/${project}/aggregated/instances`),
  };
}
