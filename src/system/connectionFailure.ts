import type { ConnectionFailure } from "../ports/Network.ts";

/** What an error of a socket means. */
export function connectionFailure({ code }: NodeJS.ErrnoException): ConnectionFailure {
  if (code === "ECONNREFUSED") return "refused";
  if (code === "ECONNRESET" || code === "EPIPE") return "closed";
  return code === "ETIMEDOUT" ? "timeout" : "unreachable";
}
