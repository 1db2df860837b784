import { existsSync, readFileSync } from "node:fs";
import type { Ports } from "../ports/Ports.ts";
import type { HostSystem } from "./Host.ts";

/** Facts about the operating system. */
export function readSystem({ machine }: Ports): HostSystem {
  const release = osRelease();
  return {
    hostname: machine.hostname,
    user: machine.user,
    userId: machine.userId,
    home: machine.home,
    architecture: machine.architecture,
    processors: machine.processors,
    distribution: release["ID"] ?? "",
    release: release["VERSION_CODENAME"] ?? "",
    // The way that sd_booted(3) tells it.
    systemd: existsSync("/run/systemd/system"),
    environment: machine.environment,
  };
}

function osRelease(): Record<string, string> {
  try {
    const lines = readFileSync("/etc/os-release", "utf8").split("\n");
    return Object.fromEntries(
      lines.flatMap((line) => {
        const at = line.indexOf("=");
        return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1).replace(/^"(.*)"$/, "$1")]];
      }),
    );
  } catch {
    return {};
  }
}
