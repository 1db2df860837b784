import type { ProviderContext } from "landfall/provider";

const realApi = "https://api.digitalocean.com";

/** How long a call waits in all for an API that has no time. */
const patienceMs = 90_000;
const shortestWaitMs = 2_000;
const longestWaitMs = 30_000;

export interface Answer {
  status: number;
  /** Empty where it is not JSON. */
  body: Record<string, unknown> & { message?: string };
  /** What the API asks for where it is asked too often, milliseconds. */
  waitMs: number | undefined;
}

interface Call {
  method?: "GET" | "POST" | "DELETE";
  body?: unknown;
  timeoutMs?: number;
}

/** One request. Any status is an answer; throws where there is none. */
export async function ask(context: ProviderContext, path: string, call: Call = {}): Promise<Answer> {
  const { status, headers, text } = await context.host.request({
    url: `${context.endpoint ?? realApi}/v2${path}`,
    method: call.method ?? "GET",
    headers: { authorization: `Bearer ${context.secret("token") ?? ""}`, "content-type": "application/json" },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    timeoutMs: call.timeoutMs ?? 10_000,
  });
  const seconds = Number(headers["retry-after"]);
  return { status, body: parsed(text), waitMs: seconds > 0 ? seconds * 1000 : undefined };
}

function parsed(text: string): Answer["body"] {
  try {
    return JSON.parse(text) as Answer["body"];
  } catch {
    return {};
  }
}

/** As `ask`, but waits while the API is busy, and accepts only a good status or one of `accepted`. */
export async function call(
  context: ProviderContext,
  path: string,
  request: Call & { accepted?: readonly number[] } = {},
): Promise<Answer> {
  let waited = 0;
  for (;;) {
    const answer = await ask(context, path, request);
    const { status, body, waitMs } = answer;
    if (status < 300 || request.accepted?.includes(status) === true) return answer;
    const wait = Math.min(Math.max(waitMs ?? 0, shortestWaitMs), longestWaitMs);
    const busy = status === 429 || status >= 500;
    if (!busy || status === 501 || waited + wait > patienceMs) throw refused(context, path, status, body.message);
    await context.host.sleep(wait);
    waited += wait;
  }
}

function refused(context: ProviderContext, path: string, status: number, message: string | undefined): Error {
  const [what = ""] = path.split("?");
  return context.host.error(
    "digitalocean.refused",
    `DigitalOcean answered ${status} to /v2${what}${message === undefined ? "" : `: ${message}`}`,
    status === 401 || status === 403
      ? "check the token and its scopes (landfall doctor digitalocean)"
      : "run the same command again in a few minutes; https://status.digitalocean.com tells of disturbances",
  );
}

/** Everything that a list holds, page by page. */
export async function listAll<T>(context: ProviderContext, path: string, key: string): Promise<T[]> {
  const items: T[] = [];
  for (let page = 1; ; page += 1) {
    const separator = path.includes("?") ? "&" : "?";
    const { body } = await call(context, `${path}${separator}per_page=200&page=${page}`);
    const found = (body[key] ?? []) as T[];
    items.push(...found);
    const total = (body["meta"] as { total?: number } | undefined)?.total ?? items.length;
    if (found.length === 0 || items.length >= total) return items;
  }
}
