import { findIn, type Cloud, type Firewall, type Protocol } from "./cloud.ts";
import { linkOf, linkTo, pathOf, type Located } from "./links.ts";
import { listed } from "./lists.ts";
import { findNetwork } from "./networkRoutes.ts";
import { deleting, started } from "./operations.ts";
import {
  alreadyExists,
  bodyOf,
  checkName,
  flagIn,
  invalid,
  nameIn,
  neededIn,
  notFound,
  numberIn,
  objectIn,
  objectsIn,
  refuse,
  textIn,
  textsIn,
  type Fields,
} from "./replies.ts";
import type { Call, Endpoint } from "./routing.ts";
import { stamp } from "./stamps.ts";

const protocols = ["tcp", "udp", "icmp", "esp", "ah", "sctp", "ipip", "all"];

function protocolsIn(fields: Fields, key: "allowed" | "denied"): Protocol[] {
  return objectsIn(fields, key).map((item, index) => {
    const field = `resource.${key}[${index}]`;
    const protocol = neededIn(item, "IPProtocol", `${field}.IPProtocol`);
    if (!protocols.includes(protocol.toLowerCase()) && !/^\d{1,3}$/.test(protocol)) {
      return invalid(`${field}.IPProtocol`, protocol, "Invalid protocol.");
    }
    const ports = textsIn(item, "ports", `${field}.ports`) ?? [];
    for (const port of ports) {
      const [from = -1, to = from] = port.split("-").map(Number);
      if (!/^\d+(-\d+)?$/.test(port) || from > to || to > 65_535) {
        return invalid(`${field}.ports`, port, "Ports must be an integer from 0 to 65535, or a range of them.");
      }
    }
    if (ports.length > 0 && !["tcp", "udp", "sctp"].includes(protocol.toLowerCase())) {
      return invalid(`${field}.ports`, ports, "Ports may only be specified for the protocols tcp, udp and sctp.");
    }
    return { IPProtocol: protocol.toLowerCase(), ...(ports.length === 0 ? {} : { ports }) };
  });
}

function rangesIn(fields: Fields, key: "sourceRanges" | "destinationRanges", { kit }: Cloud): string[] | undefined {
  const ranges = textsIn(fields, key);
  if (ranges === undefined || ranges.length === 0) return undefined;
  const field = `resource.${key}`;
  for (const range of ranges) {
    if (kit.addressVersion(range) === 0) return invalid(field, range, "Must be a valid CIDR address range.");
  }
  if (ranges.some((range) => range.includes(":")) && ranges.some((range) => !range.includes(":"))) {
    return invalid(field, ranges, "IPv4 and IPv6 address ranges cannot be mixed in one firewall rule.");
  }
  return ranges;
}

function tagsIn(fields: Fields, key: "sourceTags" | "targetTags"): string[] | undefined {
  const tags = textsIn(fields, key)?.map((tag) => checkName(tag, `resource.${key}`));
  return tags === undefined || tags.length === 0 ? undefined : tags;
}

/** @param located with the name that the rule has in the end */
function ruleOf(fields: Fields, located: Located, cloud: Cloud): Firewall {
  const allowed = protocolsIn(fields, "allowed");
  const denied = protocolsIn(fields, "denied");
  if ((allowed.length === 0) === (denied.length === 0)) {
    return refuse(400, "invalid", "Firewall rules must have either 'allowed' or 'denied' rules, and not both.");
  }
  const direction = textIn(fields, "direction") ?? "INGRESS";
  if (direction !== "INGRESS" && direction !== "EGRESS") {
    return invalid("resource.direction", direction, "Must be INGRESS or EGRESS.");
  }
  const priority = numberIn(fields, "priority") ?? 1000;
  if (priority < 0 || priority > 65_535) {
    return invalid("resource.priority", String(priority), "Must be from 0 to 65535.");
  }
  const link = textIn(fields, "network") ?? "";
  const network = findNetwork(link === "" ? "global/networks/default" : link, located.project, "resource.network");
  const lists = {
    sourceRanges: rangesIn(fields, "sourceRanges", cloud),
    destinationRanges: rangesIn(fields, "destinationRanges", cloud),
    sourceTags: tagsIn(fields, "sourceTags"),
    targetTags: tagsIn(fields, "targetTags"),
  };
  if (direction === "INGRESS" && lists.sourceRanges === undefined && lists.sourceTags === undefined) {
    lists.sourceRanges = ["0.0.0.0/0"];
  }
  const given = Object.entries(lists).filter(([, list]) => list !== undefined);
  return {
    ...cloud.thing(located, { description: textIn(fields, "description") }),
    network: pathOf(network, "networks"),
    direction,
    priority,
    disabled: flagIn(fields, "disabled") ?? false,
    logged: flagIn(objectIn(fields, "logConfig") ?? {}, "enable", "resource.logConfig.enable") ?? false,
    ...Object.fromEntries(given),
    ...(allowed.length === 0 ? { denied } : { allowed }),
  };
}

function showFirewall(firewall: Firewall): Fields {
  const { id, name, created, description, network, direction, priority, disabled, logged } = firewall;
  const { sourceRanges, destinationRanges, sourceTags, targetTags, allowed, denied } = firewall;
  const lists = { sourceRanges, destinationRanges, sourceTags, targetTags, allowed, denied };
  return {
    kind: "compute#firewall",
    id,
    creationTimestamp: stamp(created),
    name,
    description,
    network: linkTo(network),
    direction,
    priority,
    disabled,
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined)),
    logConfig: { enable: logged },
    selfLink: linkOf(firewall, "firewalls"),
  };
}

/** What the default network lets in: there from the beginning. */
function standing(project: string): Firewall[] {
  const rule = (name: string, allowed: Protocol, source = "0.0.0.0/0"): Firewall => ({
    id: `77104239182643011${name.length}`,
    project,
    place: "global",
    name: `default-allow-${name}`,
    created: Date.UTC(2024, 1, 14, 17, 12, 51),
    description: `Allow ${name} from ${source}`,
    labels: {},
    network: `projects/${project}/global/networks/default`,
    direction: "INGRESS",
    priority: 65_534,
    disabled: false,
    logged: false,
    sourceRanges: [source],
    allowed: [allowed],
  });
  return [
    rule("icmp", { IPProtocol: "icmp" }),
    rule("internal", { IPProtocol: "all" }, "10.128.0.0/9"),
    rule("rdp", { IPProtocol: "tcp", ports: ["3389"] }),
    rule("ssh", { IPProtocol: "tcp", ports: ["22"] }),
  ];
}

export function firewallEndpoints(cloud: Cloud): Endpoint[] {
  const { firewalls } = cloud;
  const find = (call: Call): Firewall => findIn(firewalls, call) ?? notFound(pathOf(call, "firewalls"));
  const change = (method: "PATCH" | "PUT"): Endpoint => ({
    method,
    path: "global/firewalls/:name",
    handle(call) {
      const before = find(call);
      const { id, created, name, project, place } = before;
      const shown = method === "PATCH" ? showFirewall(before) : {};
      const rule = ruleOf({ ...shown, ...bodyOf(call.request) }, { project, place, name }, cloud);
      return started(cloud, method.toLowerCase(), firewalls.put({ ...rule, id, created }), "firewalls");
    },
  });
  return [
    {
      method: "POST",
      path: "global/firewalls",
      handle({ project, place, request }) {
        const fields = bodyOf(request);
        const located = { project, place, name: nameIn(fields) };
        const taken = [...standing(project), ...firewalls.all()].some(
          (item) => item.project === project && item.name === located.name,
        );
        if (taken) return alreadyExists(pathOf(located, "firewalls"));
        return started(cloud, "insert", firewalls.put(ruleOf(fields, located, cloud)), "firewalls");
      },
    },
    {
      method: "GET",
      path: "global/firewalls",
      handle({ project, request }) {
        const own = firewalls.all().filter((item) => item.project === project);
        return listed("compute#firewall", [...standing(project), ...own].map(showFirewall), request);
      },
    },
    {
      method: "GET",
      path: "global/firewalls/:name",
      handle: (call) => showFirewall(standing(call.project).find(({ name }) => name === call.name) ?? find(call)),
    },
    change("PATCH"),
    change("PUT"),
    {
      method: "DELETE",
      path: "global/firewalls/:name",
      handle: (call) => deleting(cloud, find(call), "firewalls", (gone) => void firewalls.put(gone)),
    },
  ];
}
