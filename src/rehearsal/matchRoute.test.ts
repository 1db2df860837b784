import { describe, expect, it } from "vitest";
import { matchRoute } from "./matchRoute.ts";
import type { Route } from "./Rehearsal.ts";

const route = (method: Route["method"], path: string): Route => ({ method, path, handle: () => ({ status: 200 }) });
const routes = [route("GET", "/v1/servers/:id"), route("GET", "/v1/servers/actions"), route("POST", "/v1/servers")];

describe("matchRoute", () => {
  it("gives the named parts, decoded", () => {
    expect(matchRoute(routes, "GET", "/v1/servers/a%20b")?.params).toEqual({ id: "a b" });
    expect(matchRoute(routes, "GET", "/v1/servers/%zz")?.params).toEqual({ id: "%zz" });
  });
  it("prefers what is written out", () => {
    expect(matchRoute(routes, "GET", "/v1/servers/actions")?.route.path).toBe("/v1/servers/actions");
  });
  it.each([
    ["GET", "/v1/servers"],
    ["GET", "/v1/servers/"],
    ["POST", "/v1/servers/7"],
    ["DELETE", "/v1/servers/7"],
    ["GET", "/v1/servers/7/actions"],
  ])("%s %s fits none", (method, path) => {
    expect(matchRoute(routes, method, path)).toBeUndefined();
  });
});
