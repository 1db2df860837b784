import type { Reply } from "landfall/rehearsal";
import { findIn, type Cloud, type Operation, type Thing } from "./cloud.ts";
import { listed } from "./lists.ts";
import { linkOf, linkTo, nameOfPlace, pathOf } from "./links.ts";
import { notFound } from "./replies.ts";
import type { Call, Endpoint } from "./routing.ts";
import { stamp } from "./stamps.ts";

type Failure = NonNullable<Operation["error"]>;

/**
 * Begins an operation on something; `ends` tells when it is done.
 * @param type such as `insert`
 * @param kind as in links, such as `instances`
 */
export function begin(
  cloud: Cloud,
  { type, thing, kind, error }: { type: string; thing: Thing; kind: string; error?: Failure },
): Operation {
  const { kit } = cloud;
  const now = kit.now();
  const [first = "", second = "", third = "", , last = ""] = kit.uuid().split("-");
  return cloud.operations.put({
    id: cloud.newId(),
    name: `operation-${now}-${last}${second.slice(0, 1)}-${first}-${third}${second}`,
    project: thing.project,
    place: thing.place,
    type,
    target: pathOf(thing, kind),
    targetId: thing.id,
    begun: now,
    ends: now + kit.actionMs,
    ...(error === undefined ? {} : { error }),
  });
}

export const failures = {
  internal: {
    code: "INTERNAL_ERROR",
    message: "Internal error. Please try again or contact Google Support. (Code: '-4612408357124563210')",
    status: 500,
  },
  exhausted: (zone: string): Failure => ({
    code: "ZONE_RESOURCE_POOL_EXHAUSTED",
    message: `The zone '${zone}' does not have enough resources available to fulfill the request.  Try a different zone, or try again later.`,
    status: 503,
  }),
} as const;

export function showOperation(operation: Operation, { kit }: Cloud): object {
  const { project, place, error, begun, ends } = operation;
  const done = kit.now() >= ends;
  const kind = place.split("/")[0] ?? "";
  return {
    kind: "compute#operation",
    id: operation.id,
    name: operation.name,
    operationType: operation.type,
    ...(kind === "zones" ? { zone: linkTo(`projects/${project}/${place}`) } : {}),
    ...(kind === "regions" ? { region: linkTo(`projects/${project}/${place}`) } : {}),
    targetLink: linkTo(operation.target),
    targetId: operation.targetId,
    status: done ? "DONE" : "RUNNING",
    user: "rehearsal@example.com",
    progress: done ? 100 : 0,
    insertTime: stamp(begun),
    startTime: stamp(begun),
    ...(done ? { endTime: stamp(ends) } : {}),
    ...(done && error !== undefined ? failed(error) : {}),
    selfLink: linkOf(operation, "operations"),
  };
}

function failed({ code, message, status }: Failure): object {
  const text = status === 503 ? "SERVICE UNAVAILABLE" : "INTERNAL SERVER ERROR";
  return { error: { errors: [{ code, message }] }, httpErrorStatusCode: status, httpErrorMessage: text };
}

export function operationEndpoints(cloud: Cloud): Endpoint[] {
  const find = (call: Call): Operation => findIn(cloud.operations, call) ?? notFound(pathOf(call, "operations"));
  return ["global", "zones/:zone", "regions/:region"].flatMap((place): Endpoint[] => [
    {
      method: "GET",
      path: `${place}/operations`,
      handle({ project, place: here, request }) {
        const all = cloud.operations.all().filter((item) => item.project === project && item.place === here);
        const items = all.map((item) => showOperation(item, cloud));
        return listed("compute#operation", items, request);
      },
    },
    { method: "GET", path: `${place}/operations/:name`, handle: (call) => showOperation(find(call), cloud) },
    {
      method: "POST",
      path: `${place}/operations/:name/wait`,
      async handle(call) {
        const operation = find(call);
        // A timer may be early by a little.
        while (cloud.kit.now() < operation.ends) await cloud.kit.host.sleep(operation.ends - cloud.kit.now() + 1);
        return showOperation(operation, cloud);
      },
    },
    {
      method: "DELETE",
      path: `${place}/operations/:name`,
      handle(call): Reply {
        cloud.operations.remove(find(call).id);
        return { status: 204 };
      },
    },
  ]);
}

/** What an operation that began on something answers at once. */
export function started(cloud: Cloud, type: string, thing: Thing, kind: string): object {
  return showOperation(begin(cloud, { type, thing, kind }), cloud);
}

/** Marks something as being deleted, and answers the operation. */
export function deleting<T extends Thing>(cloud: Cloud, thing: T, kind: string, put: (thing: T) => void): object {
  const operation = begin(cloud, { type: "delete", thing, kind });
  put({ ...thing, goneAt: operation.ends });
  return showOperation(operation, cloud);
}

/** Such as `europe-west3-a`, from the thing's place. */
export function zoneOf({ place }: Pick<Thing, "place">): string {
  return nameOfPlace(place);
}
