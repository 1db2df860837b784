import type { ServedRequest } from "../ports/Network.ts";
import type { ApiRequest } from "./Rehearsal.ts";

/** What arrived, taken apart. A body that cannot be parsed is undefined: the simulation answers that as its cloud does. */
export function readRequest({ method, target, headers, text }: ServedRequest, origin: string): ApiRequest {
  const url = URL.parse(target, "http://127.0.0.1");
  return {
    method,
    target,
    path: url?.pathname ?? target,
    params: {},
    query: url?.searchParams ?? new URLSearchParams(),
    headers,
    text,
    body: bodyOf(text, headers["content-type"] ?? ""),
    origin,
  };
}

function bodyOf(text: string, type: string): unknown {
  if (text.trim() === "") return undefined;
  if (type.includes("application/x-www-form-urlencoded")) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
