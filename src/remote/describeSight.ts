import type { ConnectionFailure } from "../ports/Network.ts";

/** What the SSH port did when it was tried last. */
export type PortSight = ConnectionFailure | "silent" | { banner: string };

/** A few words, such as "connection refused". */
export function describeSight(sight: PortSight): string {
  if (typeof sight === "object") return `something that is not SSH says "${sight.banner.slice(0, 60)}"`;
  return {
    refused: "connection refused",
    unreachable: "no route to it",
    timeout: "no answer",
    closed: "the connection is closed at once",
    silent: "the connection opens, but nothing is said",
  }[sight];
}
