import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import type { Action, Cloud } from "./cloud.ts";
import { answer, failure, listed, notFound } from "./replies.ts";

export function actionStatus({ started, durationMs, fails }: Action, now: number): "running" | "success" | "error" {
  if (now < started + durationMs) return "running";
  return fails ? "error" : "success";
}

export function showAction(action: Action, { kit }: Cloud): object {
  const status = actionStatus(action, kit.now());
  const passed = Math.min(1, (kit.now() - action.started) / Math.max(1, action.durationMs));
  return {
    id: action.id,
    command: action.command,
    status,
    progress: status === "running" ? Math.floor(passed * 100) : 100,
    started: new Date(action.started).toISOString(),
    finished: status === "running" ? null : new Date(action.started + action.durationMs).toISOString(),
    resources: action.resources,
    error: status === "error" ? { code: "action_failed", message: "Action failed" } : null,
  };
}

const kinds: Record<string, string> = {
  servers: "server",
  firewalls: "firewall",
  volumes: "volume",
  primary_ips: "primary_ip",
};

export function actionRoutes(cloud: Cloud): Route[] {
  const show = (request: ApiRequest): Reply => {
    const id = request.params["action"] ?? "";
    const action = cloud.actions.get(id);
    return action === undefined ? notFound("action", id) : answer(200, { action: showAction(action, cloud) });
  };
  const list = (request: ApiRequest, type: string | undefined): Reply => {
    const { query, params } = request;
    const ids = query.getAll("id");
    const statuses = query.getAll("status");
    if (type === undefined && ids.length === 0 && !query.has("page")) {
      return failure(410, "deprecated_api_endpoint", "listing all actions is not possible any more: name them by id");
    }
    const actions = cloud.actions
      .all()
      .filter(({ id }) => ids.length === 0 || ids.includes(String(id)))
      .filter(({ resources }) => {
        if (type === undefined) return true;
        return resources.some((item) => item.type === type && (params["id"] ?? String(item.id)) === String(item.id));
      })
      .filter((action) => statuses.length === 0 || statuses.includes(actionStatus(action, cloud.kit.now())));
    return listed(
      "actions",
      actions.map((action) => showAction(action, cloud)),
      request,
      cloud.kit,
    );
  };
  return [
    { method: "GET", path: "/v1/actions", handle: (request) => list(request, undefined) },
    { method: "GET", path: "/v1/actions/:action", handle: show },
    ...Object.entries(kinds).flatMap(([path, type]): Route[] => [
      { method: "GET", path: `/v1/${path}/actions`, handle: (request) => list(request, type) },
      { method: "GET", path: `/v1/${path}/actions/:action`, handle: show },
      { method: "GET", path: `/v1/${path}/:id/actions`, handle: (request) => list(request, type) },
      { method: "GET", path: `/v1/${path}/:id/actions/:action`, handle: show },
    ]),
  ];
}
