/** Links in answers begin so whatever host was asked; clients recognize them by it. */
const base = "https://www.googleapis.com/compute/v1/";

/** Where a resource is: `global`, `zones/europe-west3-a` or `regions/europe-west3`. */
export type Place = string;

export interface Located {
  project: string;
  place: Place;
  name: string;
}

/** @param path such as `projects/acme/zones/europe-west3-a/disks/data` */
export function linkTo(path: string): string {
  return base + path;
}

/** @param kind as in links, such as `instances` */
export function pathOf({ project, place, name }: Located, kind: string): string {
  return `projects/${project}/${place}/${kind}/${name}`;
}

export function linkOf(located: Located, kind: string): string {
  return linkTo(pathOf(located, kind));
}

/** The region of `europe-west3-a`. */
export function regionOfZone(zone: string): string {
  return zone.replace(/-[a-z]$/, "");
}

/** `europe-west3` of `regions/europe-west3`; empty for `global`. */
export function nameOfPlace(place: Place): string {
  return place.split("/")[1] ?? "";
}

/**
 * Reads a reference as requests have them: a whole link, or any end of it down to the bare name. Undefined where it is
 * one of another kind.
 * @param home what the parts are that are left out
 */
export function parseLink(link: string, kind: string, home: Omit<Located, "name">): Located | undefined {
  const parts = link.replace(/^https?:\/\/[^/]+\/compute\/[a-z0-9]+\//, "").split("/");
  const name = parts.at(-1) ?? "";
  if (name === "" || (parts.length > 1 && parts.at(-2) !== kind)) return undefined;
  const above = parts.slice(0, -2).join("/");
  const match = /^(?:projects\/([^/]+)\/?)?((?:zones|regions)\/[^/]+|global)?$/.exec(above);
  if (match === null) return undefined;
  return { project: match[1] ?? home.project, place: match[2] ?? home.place, name };
}
