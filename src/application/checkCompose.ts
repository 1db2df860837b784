import type { Problem } from "../errors.ts";
import type { ApplicationFolder } from "./ApplicationFolder.ts";
import { checkMounts } from "./checkMounts.ts";
import { interpolate, referencesIn } from "./interpolate.ts";
import { publishedPorts } from "./publishedPorts.ts";
import type { Release } from "./Release.ts";

export interface ComposeReport {
  problems: readonly Problem[];
  /** What is allowed, and seldom meant. */
  warnings: readonly Problem[];
}

export type Service = Readonly<Record<string, unknown>>;

/** What a compose file may not do, or not without anybody noticing, on a server of ours. */
export function checkCompose(
  { application, compose, where: inManifest }: ApplicationFolder,
  release: Pick<Release, "files">,
  texts: Readonly<Record<string, string>>,
): ComposeReport {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const problem = (path: readonly PropertyKey[], message: string, hint: string): void =>
    void problems.push({ where: compose.where(path), message, hint });
  const warning = (path: readonly PropertyKey[], message: string, hint: string): void =>
    void warnings.push({ where: compose.where(path), message, hint });

  const services = servicesOf(compose.data);
  if (services.size === 0) problem(["services"], "there are no services", "name at least one below services");
  for (const [path, text] of textsIn(compose.data, [])) {
    for (const name of referencesIn(text)) {
      if (!(name in texts))
        problem(
          path,
          `${name} is no setting of the application`,
          `declare it below settings of application.yaml, or write $$${name}`,
        );
    }
  }
  for (const key of ["include", "extends"]) {
    if (key in compose.data)
      problem([key], `${key} names other files, which are not copied`, "write everything into compose.yaml");
  }
  for (const [name, service] of services) checkService(name, service);
  checkPorts();
  problems.push(...checkMounts(compose, services, application, release, texts));
  checkNames();
  return { problems, warnings };

  function checkService(name: string, service: Service): void {
    const path = ["services", name];
    if ("build" in service)
      problem(
        [...path, "build"],
        `${name} is built: nothing is built on a server`,
        "build the image before, and name it",
      );
    if ("extends" in service)
      problem([...path, "extends"], `${name} extends another file`, "write everything into compose.yaml");
    const image = service["image"];
    if (typeof image !== "string") {
      if (!("build" in service)) problem(path, `${name} has no image`, "name one, with its version");
    } else if (!isPinned(interpolate(image, texts)))
      warning(
        [...path, "image"],
        `the image of ${name} has no version: the next pull may bring another one`,
        "write IMAGE:VERSION, or IMAGE:VERSION@sha256:...",
      );
    if (!hasRotation(service))
      warning(
        path,
        `the log of ${name} grows without limit`,
        "give it logging: { driver: json-file, options: { max-size: 10m, max-file: '3' } }",
      );
    if (service["restart"] === undefined)
      warning(
        path,
        `${name} does not come back after a restart of the server`,
        "write restart: unless-stopped, or restart: 'no' where that is meant",
      );
  }

  /** Docker's own rules let everybody in before the firewall of the server is asked. */
  function checkPorts(): void {
    const seen = new Set<string>();
    let hostNetwork = false;
    for (const [name, service] of services) {
      hostNetwork ||= service["network_mode"] === "host";
      const entries = Array.isArray(service["ports"]) ? (service["ports"] as unknown[]) : [];
      entries.forEach((entry, index) => {
        for (const port of publishedPorts(replaced(entry, texts))) {
          const path = ["services", name, "ports", index];
          if (port.name !== undefined) seen.add(port.name);
          if (port.name === undefined)
            problem(
              path,
              `${name} publishes ${port.text}, and which port that is cannot be told`,
              "write 127.0.0.1:PORT:PORT, or PORT:PORT",
            );
          else if (port.world && !application.open_ports.includes(port.name))
            problem(
              path,
              `${name} publishes ${port.name} to the world, and open_ports does not name it; docker opens it past the firewall`,
              `write 127.0.0.1:${port.name.split("/")[0]}:..., or add ${port.name} to open_ports`,
            );
        }
      });
    }
    application.open_ports.forEach((port, index) => {
      if (seen.has(port) || hostNetwork) return;
      const message = `no service publishes ${port}`;
      warnings.push({ where: inManifest(["open_ports", index]), message, hint: "leave it out, or publish it" });
    });
  }

  function checkNames(): void {
    const known = [...services.keys()];
    const demand = (name: string | undefined, path: readonly PropertyKey[]): void => {
      if (name === undefined || known.includes(name)) return;
      problems.push({
        where: inManifest(path),
        key: path.map(String).join("."),
        message: `there is no service ${name} in compose.yaml`,
        hint: `there are: ${known.join(", ")}`,
      });
    };
    application.health.forEach(({ service }, index) => demand(service, ["health", index, "service"]));
    for (const when of ["before_switch", "after_switch"] as const)
      application.hooks[when].forEach(({ service }, index) => demand(service, ["hooks", when, index, "service"]));
    demand(application.backup?.dump?.service, ["backup", "dump", "service"]);
  }
}

function servicesOf(data: Readonly<Record<string, unknown>>): Map<string, Service> {
  const { services } = data;
  if (typeof services !== "object" || services === null) return new Map();
  return new Map(
    Object.entries(services).map(([name, service]) => [
      name,
      typeof service === "object" && service !== null ? (service as Service) : {},
    ]),
  );
}

function* textsIn(data: unknown, path: readonly PropertyKey[]): Generator<[readonly PropertyKey[], string]> {
  if (typeof data === "string") yield [path, data];
  else if (Array.isArray(data)) for (const [index, item] of data.entries()) yield* textsIn(item, [...path, index]);
  else if (typeof data === "object" && data !== null)
    for (const [key, value] of Object.entries(data)) yield* textsIn(value, [...path, key]);
}

function replaced(entry: unknown, texts: Readonly<Record<string, string>>): unknown {
  if (typeof entry === "string") return interpolate(entry, texts);
  if (typeof entry !== "object" || entry === null) return entry;
  return Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, replaced(value, texts)]));
}

function isPinned(image: string): boolean {
  if (image.includes("@")) return true;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag !== undefined && tag !== "latest";
}

function hasRotation({ logging }: Service): boolean {
  const { driver, options } = (logging ?? {}) as { driver?: unknown; options?: Record<string, unknown> };
  if (driver !== undefined && driver !== "json-file" && driver !== "local") return true;
  return options?.["max-size"] !== undefined || driver === "local";
}
