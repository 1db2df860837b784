import { isIPv6 } from "node:net";
import type { Problem } from "../errors.ts";
import { isWithin } from "./isWithin.ts";

/** What a host says of itself before anything is done to it. */
export interface HostFacts {
  /** ID and VERSION_ID of os-release. */
  os: string;
  version: string;
  privilege: "root" | "sudo" | "none";
  systemd: boolean;
  /** MiB */
  memory: number;
  processors: number;
  /** Root file system, GiB. */
  disk: number;
  /** Where the host sees us. */
  client: string;
}

/** Reads the line `KEY=VALUE ...` of `lookScript`. */
export function readHostFacts(line: string): HostFacts {
  const facts = Object.fromEntries(line.split(" ").map((pair) => pair.split(/=(.*)/s).slice(0, 2))) as Record<
    string,
    string | undefined
  >;
  const { privilege } = facts;
  return {
    os: facts["os"] ?? "",
    version: facts["version"] ?? "",
    privilege: privilege === "root" || privilege === "sudo" ? privilege : "none",
    systemd: facts["systemd"] === "yes",
    memory: Number(facts["memory"]),
    processors: Number(facts["processors"]),
    disk: Number(facts["disk"]),
    client: facts["client"] ?? "",
  };
}

/** Why a host cannot be prepared; nothing was done to it yet. `sshAllowedFrom` are CIDR ranges, undefined where no firewall is set. */
export function hostProblems(
  facts: HostFacts,
  { user, sshAllowedFrom }: { user: string; sshAllowedFrom: readonly string[] | undefined },
): Problem[] {
  const problems: Problem[] = [];
  if (facts.os !== "debian" && facts.os !== "ubuntu") {
    const found = facts.os === "" ? "it does not say what it is" : `it runs ${facts.os} ${facts.version}`.trim();
    problems.push({ message: `only Debian and Ubuntu can be prepared, and ${found}`, hint: "use another host" });
  }
  if (facts.privilege === "none") {
    problems.push({
      message: `${user} is not root there and may not become root without a password`,
      hint: `let root log in with the key, or allow it: echo '${user} ALL=(ALL) NOPASSWD:ALL' | sudo tee /etc/sudoers.d/${user}`,
    });
  }
  if (!facts.systemd) problems.push({ message: "it does not run systemd", hint: "use a host that does" });
  if (
    sshAllowedFrom !== undefined &&
    facts.client !== "" &&
    !sshAllowedFrom.some((range) => isWithin(facts.client, range))
  ) {
    problems.push({
      message: `the firewall would shut us out: the host sees us as ${facts.client}, which SSH_ALLOWED_FROM does not hold`,
      hint: `add ${facts.client}/${isIPv6(facts.client) ? 128 : 32} to SSH_ALLOWED_FROM`,
    });
  }
  return problems;
}

/** What was asked for and cannot be had: a host is as large as it is. A kernel keeps some of the memory for itself. */
export function hostShortfalls(
  { memory, processors, disk }: HostFacts,
  wanted: { memory: number; processors: number; disk: number },
): string[] {
  const short = (has: number, asked: number, unit: string, key: string): string[] =>
    has < asked * 0.9 ? [`${has} ${unit} where ${key} asks for ${asked}`] : [];
  return [
    ...short(memory, wanted.memory, "MiB of memory", "VM_MEMORY"),
    ...short(processors, wanted.processors, processors === 1 ? "processor" : "processors", "VM_VCPUS"),
    ...short(disk, wanted.disk, "GiB of disk", "VM_DISK_SIZE"),
  ];
}
