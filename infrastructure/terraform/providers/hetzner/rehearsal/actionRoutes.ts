import type { ApiRequest, Reply, Route } from "landfall/rehearsal";
import type { Action, Cloud, Server } from "./cloud.ts";
import { answer, failure, invalid, listed, notFound } from "./replies.ts";

export function actionStatus({ started, durationMs, fails }: Action, now: number): "running" | "success" | "error" {
  if (now < started + durationMs) return "running";
  return fails ? "error" : "success";
}

/** What a server does alone: while one of these runs, the API refuses another. */
const exclusive = new Set([
  "create_server",
  "start_server",
  "stop_server",
  "shutdown_server",
  "reboot_server",
  "reset_server",
  "change_server_type",
  "rebuild_server",
]);

export function isLocked({ id }: Server, { actions, kit }: Cloud): boolean {
  const now = kit.now();
  const running = actions.find(
    (action) =>
      exclusive.has(action.command) &&
      actionStatus(action, now) === "running" &&
      action.resources.some((item) => item.type === "server" && item.id === id),
  );
  return running !== undefined;
}

export function isExclusive(command: string): boolean {
  return exclusive.has(command);
}

interface ShownAction {
  id: number;
  command: string;
  status: string;
  progress: number;
  started: string;
  finished: string | null;
  resources: Action["resources"];
  error: object | null;
}

export function showAction(action: Action, { kit }: Cloud): ShownAction {
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

const kinds = {
  servers: { type: "server", items: "servers" },
  firewalls: { type: "firewall", items: "firewalls" },
  volumes: { type: "volume", items: "volumes" },
  primary_ips: { type: "primary_ip", items: "primaryIps" },
} as const;

const sortable = ["id", "command", "status", "progress", "started", "finished"] as const;

/** In the order that `sort=FIELD:DIRECTION` asks for, the first one counting most; undefined where that cannot be. */
function sorted(actions: readonly ShownAction[], wanted: readonly string[]): ShownAction[] | undefined {
  const orders = wanted.map((text) => {
    const [field = "", direction = "asc", ...rest] = text.split(":");
    const key = sortable.find((name) => name === field);
    const good = key !== undefined && rest.length === 0 && (direction === "asc" || direction === "desc");
    return good ? { key, sign: direction === "asc" ? 1 : -1 } : undefined;
  });
  if (orders.includes(undefined)) return undefined;
  return actions.toSorted((one, other) => {
    for (const order of orders) {
      if (order === undefined) continue;
      const [a, b] = [one[order.key] ?? "", other[order.key] ?? ""];
      if (a !== b) return a < b ? -order.sign : order.sign;
    }
    return 0;
  });
}

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
    const shown = sorted(
      actions.map((action) => showAction(action, cloud)),
      query.getAll("sort"),
    );
    return shown === undefined ? invalid({ sort: "invalid sort" }) : listed("actions", shown, request, cloud.kit);
  };
  return [
    { method: "GET", path: "/v1/actions", handle: (request) => list(request, undefined) },
    { method: "GET", path: "/v1/actions/:action", handle: show },
    ...Object.entries(kinds).flatMap(([path, { type, items }]): Route[] => [
      { method: "GET", path: `/v1/${path}/actions`, handle: (request) => list(request, type) },
      { method: "GET", path: `/v1/${path}/actions/:action`, handle: show },
      {
        method: "GET",
        path: `/v1/${path}/:id/actions`,
        handle(request) {
          const id = request.params["id"] ?? "";
          return cloud[items].get(id) === undefined ? notFound(type, id) : list(request, type);
        },
      },
      { method: "GET", path: `/v1/${path}/:id/actions/:action`, handle: show },
    ]),
  ];
}
