import { join } from "node:path";
import type { Machine } from "./Machine.ts";

/** Where a user's programs keep what has to last (XDG Base Directory Specification 0.8: a relative path is ignored). */
export function stateHome({ environment, home }: Pick<Machine, "environment" | "home">): string {
  const chosen = environment["XDG_STATE_HOME"];
  return chosen?.startsWith("/") === true ? chosen : join(home, ".local", "state");
}
