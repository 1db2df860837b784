import type { ApiRequest, RehearsalKit, Reply } from "landfall/rehearsal";

/** What the API sends with every answer: 3600 requests in an hour. */
const limits = { "ratelimit-limit": "3600", "ratelimit-remaining": "3599", "ratelimit-reset": "1" };

export function answer(status: number, body?: unknown): Reply {
  return { status, body, headers: limits };
}

export function failure(status: number, code: string, message: string, details: unknown = null): Reply {
  return answer(status, { error: { code, message, details } });
}

export function notFound(what: string, id: string | number): Reply {
  return failure(404, "not_found", `${what} with ID '${id}' not found`);
}

/** One message for each field that is wrong. */
export function invalid(fields: Record<string, string>): Reply {
  const names = Object.keys(fields);
  const details = { fields: names.map((name) => ({ name, messages: [fields[name]] })) };
  return failure(
    422,
    "invalid_input",
    `invalid input in field${names.length > 1 ? "s" : ""} '${names.join("', '")}'`,
    details,
  );
}

/** The body as an object; undefined where it is none, which the API calls a JSON error. */
export function fieldsOf({ body }: ApiRequest): Record<string, unknown> | undefined {
  if (body === undefined) return undefined;
  return typeof body === "object" && body !== null && !Array.isArray(body)
    ? (body as Record<string, unknown>)
    : undefined;
}

export function jsonError(): Reply {
  return failure(400, "json_error", "invalid JSON input");
}

/** A list as the API pages it: 25 entries unless `per_page` says otherwise, 50 at most. */
export function listed(key: string, items: readonly unknown[], { query }: ApiRequest, kit: RehearsalKit): Reply {
  const page = Number(query.get("page") ?? 1);
  const perPage = Number(query.get("per_page") ?? 25);
  const wrong: Record<string, string> = {};
  if (!Number.isInteger(page) || page < 1) wrong["page"] = "must be at least 1";
  if (!Number.isInteger(perPage) || perPage < 1 || perPage > 50) wrong["per_page"] = "must be between 1 and 50";
  if (Object.keys(wrong).length > 0) return invalid(wrong);
  const { items: shown, previous, next, last, total } = kit.page(items, page, perPage);
  return answer(200, {
    [key]: shown,
    meta: {
      pagination: {
        page,
        per_page: perPage,
        previous_page: previous ?? null,
        next_page: next ?? null,
        last_page: last,
        total_entries: total,
      },
    },
  });
}
