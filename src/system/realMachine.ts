import { arch, availableParallelism, hostname, platform, userInfo } from "node:os";
import type { Machine } from "../ports/Machine.ts";

export function realMachine(): Machine {
  const user = currentUser();
  return {
    hostname: hostname(),
    user: user.name,
    userId: user.id,
    home: process.env["HOME"] || user.home,
    pid: process.pid,
    architecture: arch() === "arm64" ? "arm64" : "amd64",
    system: platform() === "darwin" ? "darwin" : "linux",
    processors: availableParallelism(),
    environment: process.env,
  };
}

/** In a container, a user may be a number that no name belongs to. */
function currentUser(): { name: string; id: number; home: string } {
  try {
    const { username, uid, homedir } = userInfo();
    return { name: username, id: uid, home: homedir };
  } catch {
    const id = process.getuid?.() ?? -1;
    return { name: String(id), id, home: "/" };
  }
}
