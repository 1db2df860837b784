import type { ApiRequest, Collection, Reply, Route } from "landfall/rehearsal";
import type { Cloud } from "./cloud.ts";
import { areLabels, parseSelector, type Labels } from "./labels.ts";
import { answer, failure, fieldsOf, invalid, jsonError, listed, notFound } from "./replies.ts";

interface Resource {
  id: number;
  name: string;
  labels: Labels;
}

/** What all kinds of resources have in common. */
export interface Kind<T extends Resource> {
  /** Such as `servers`. */
  path: string;
  /** Such as `server`. */
  key: string;
  items: Collection<T>;
  show(item: T): object;
  /** Further filters of the list. */
  keep?(item: T, query: URLSearchParams): boolean;
  /** Takes over what the API lets change besides name and labels; a reply refuses. */
  update?(item: T, fields: Record<string, unknown>): Reply | undefined;
  remove(item: T): Reply | Promise<Reply>;
}

/** List, get, update and delete. */
export function resourceRoutes<T extends Resource>(kind: Kind<T>, { kit }: Cloud): Route[] {
  const { path, key, items, show } = kind;
  const one = (request: ApiRequest, then: (item: T) => Reply | Promise<Reply>): Reply | Promise<Reply> => {
    const id = request.params["id"] ?? "";
    const item = items.get(id);
    return item === undefined ? notFound(key, id) : then(item);
  };
  return [
    { method: "GET", path: `/v1/${path}`, handle: list },
    {
      method: "GET",
      path: `/v1/${path}/:id`,
      handle: (request) => one(request, (item) => answer(200, { [key]: show(item) })),
    },
    { method: "PUT", path: `/v1/${path}/:id`, handle: (request) => one(request, (item) => change(item, request)) },
    { method: "DELETE", path: `/v1/${path}/:id`, handle: (request) => one(request, (item) => kind.remove(item)) },
  ];

  function list(request: ApiRequest): Reply {
    const { query } = request;
    const selector = parseSelector(query.get("label_selector") ?? "");
    if (selector === undefined) return invalid({ label_selector: "invalid label selector" });
    const name = query.get("name");
    const found = items
      .all()
      .filter((item) => (name === null || item.name === name) && selector(item.labels))
      .filter((item) => kind.keep?.(item, query) ?? true);
    const [order] = query.getAll("sort");
    if (order?.startsWith("name") === true) found.sort((a, b) => (a.name < b.name ? -1 : 1));
    if (order?.endsWith(":desc") === true) found.reverse();
    return listed(path, found.map(show), request, kit);
  }

  function change(item: T, request: ApiRequest): Reply {
    const fields = fieldsOf(request);
    if (fields === undefined) return jsonError();
    const wrong = checkNaming(fields, false);
    if (Object.keys(wrong).length > 0) return invalid(wrong);
    const name = (fields["name"] as string | undefined) ?? item.name;
    if (items.all().some((other) => other.id !== item.id && other.name === name)) return nameTaken(key);
    const refused = kind.update?.(item, fields);
    if (refused !== undefined) return refused;
    const updated = items.put({ ...item, name, labels: (fields["labels"] as Labels | undefined) ?? item.labels });
    return answer(200, { [key]: show(updated) });
  }
}

/** What is wrong with name and labels, by field. */
export function checkNaming(fields: Record<string, unknown>, required: boolean): Record<string, string> {
  const wrong: Record<string, string> = {};
  const { name, labels } = fields;
  if (name === undefined ? required : typeof name !== "string" || name === "" || name.length > 128) {
    wrong["name"] = name === undefined ? "is required" : "is not a valid name";
  }
  if (labels !== undefined && labels !== null && !areLabels(labels)) wrong["labels"] = "invalid label";
  return wrong;
}

export function nameTaken(what: string): Reply {
  return failure(409, "uniqueness_error", `${what.replace("_", " ")} name is already used`, {
    fields: [{ name: "name", messages: ["name is already used"] }],
  });
}
