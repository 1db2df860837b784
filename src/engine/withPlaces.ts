import { resolve } from "node:path";
import type { Event } from "../events/Event.ts";

/** The engine names files as they are seen from its directory, which nobody else stands in: here by their whole paths. */
export function withPlaces<T extends Event>(event: T, directory: string): T {
  if (event.type !== "diagnostic") return event;
  const { where, detail } = event;
  return {
    ...event,
    detail: detail.replace(/(?<![\w./-])(?:\.\.\/)+[\w.@/+-]+/g, (path) => resolve(directory, path)),
    // What is no file, such as <value for var.settings>, is in no directory.
    ...(where === undefined || where.startsWith("<") ? {} : { where: resolve(directory, where) }),
  };
}
