import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import type { Cloud } from "./cloud.ts";
import type { Located } from "./links.ts";
import { invalid, Refused } from "./replies.ts";
import { parseFields } from "./parseFields.ts";
import { zonesOf } from "./places.ts";

/** A request whose project and place have been checked. */
export interface Call extends Located {
  request: ApiRequest;
}

type Handler = (call: Call) => Reply | object | Promise<Reply | object>;

export interface Endpoint {
  method: Route["method"];
  /** Below the project: `zones/:zone/instances/:name`. */
  path: string;
  creates?: "server";
  /** Gives what is sent with status 200, or a whole reply. */
  handle: Handler;
}

const projectForm = /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

export function routesOf(endpoints: readonly Endpoint[], cloud: Cloud): Route[] {
  return endpoints.map(({ method, path, creates, handle }) => ({
    method,
    path: `/compute/v1/projects/:project${path === "" ? "" : `/${path}`}`,
    ...(creates === undefined ? {} : { creates }),
    async handle(request) {
      try {
        const cut = parseFields(request.query.get("fields") ?? "");
        const answer = await handle({ request, ...locate(request, cloud) });
        return isReply(answer) ? answer : { status: 200, body: cut(answer) };
      } catch (error) {
        if (error instanceof Refused) return error.reply;
        throw error;
      }
    },
  }));
}

function locate({ params }: ApiRequest, cloud: Cloud): Located {
  const { project = "", zone, region, name = "" } = params;
  if (!projectForm.test(project)) {
    return invalid("project", project, `Must be a match of regex '${projectForm.source.slice(1, -1)}'`);
  }
  if (zone !== undefined) {
    if (!cloud.regions.some((known) => zonesOf(known).includes(zone))) return invalid("zone", zone, "Unknown zone.");
    return { project, place: `zones/${zone}`, name };
  }
  if (region === undefined) return { project, place: "global", name };
  if (!cloud.regions.includes(region)) return invalid("region", region, "Unknown region.");
  return { project, place: `regions/${region}`, name };
}

function isReply(answer: Reply | object): answer is Reply {
  return "status" in answer && typeof answer.status === "number";
}
