import type { Route } from "./Rehearsal.ts";

export interface RouteMatch {
  route: Route;
  params: Record<string, string>;
}

/** The route that takes a request; of several the one with the fewest named parts, so `/servers/new` wins over `/servers/:id`. */
export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  const parts = path.split("/");
  let best: RouteMatch | undefined;
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = paramsOf(route.path.split("/"), parts);
    if (params === undefined) continue;
    if (best === undefined || Object.keys(params).length < Object.keys(best.params).length) best = { route, params };
  }
  return best;
}

function paramsOf(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? "";
    if (expected.startsWith(":")) {
      if (part === "") return undefined;
      params[expected.slice(1)] = decoded(part);
    } else if (expected !== part) return undefined;
  }
  return params;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
