import type { ApiRequest, Page, RehearsalKit, Reply } from "landfall/rehearsal";

/** Thrown by a handler: the answer that the API gives to a request that it does not accept. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super("refused");
    this.reply = reply;
  }
}

export function problem(status: number, id: string, message: string): Reply {
  return { status, body: { id, message, request_id: crypto.randomUUID() } };
}

export function notFound(): Refusal {
  return new Refusal(problem(404, "not_found", "The resource you were accessing could not be found."));
}

export function unprocessable(message: string): Refusal {
  return new Refusal(problem(422, "unprocessable_entity", message));
}

export function conflict(message: string): Refusal {
  return new Refusal(problem(409, "conflict", message));
}

export function badRequest(message: string): Refusal {
  return new Refusal(problem(400, "bad_request", message));
}

/** What exists, or the API's 404. */
export function existing<T>(item: T | undefined): T {
  if (item === undefined) throw notFound();
  return item;
}

/** The fields of a JSON body. */
export function fieldsOf(request: ApiRequest): Record<string, unknown> {
  const { body, text } = request;
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  if (text.trim() === "") return {};
  throw badRequest("error parsing request body");
}

const mostPerPage = 200;

/** One page of a list under its key, with links and total as every list of this API has them. */
export function listReply<T>(
  key: string,
  items: readonly T[],
  request: ApiRequest,
  kit: RehearsalKit,
  present: (item: T) => unknown,
): Reply {
  const perPage = Math.min(count(request, "per_page", 20), mostPerPage);
  const page = kit.page(items, count(request, "page", 1), perPage);
  return {
    status: 200,
    body: { [key]: page.items.map(present), links: linksOf(page, request), meta: { total: page.total } },
  };
}

function count({ query }: ApiRequest, name: string, standard: number): number {
  const value = Number(query.get(name) ?? standard);
  return Number.isInteger(value) && value > 0 ? value : standard;
}

function linksOf({ page, previous, next, last }: Page<unknown>, { origin, path, query }: ApiRequest): object {
  if (last <= 1) return {};
  const to = (number: number): string => {
    const parameters = new URLSearchParams(query);
    parameters.set("page", String(number));
    return `${origin}${path}?${parameters.toString()}`;
  };
  return {
    pages: {
      ...(page > 1 ? { first: to(1) } : {}),
      ...(previous === undefined ? {} : { prev: to(previous) }),
      ...(next === undefined ? {} : { next: to(next), last: to(last) }),
    },
  };
}
