import { arch, homedir, hostname, platform, userInfo } from "node:os";
import { availableParallelism } from "node:os";
import type { Machine } from "../ports/Machine.ts";

export function realMachine(): Machine {
  const user = userInfo();
  return {
    hostname: hostname(),
    user: user.username,
    userId: user.uid,
    home: process.env["HOME"] ?? homedir(),
    pid: process.pid,
    architecture: arch() === "arm64" ? "arm64" : "amd64",
    system: platform() === "darwin" ? "darwin" : "linux",
    processors: availableParallelism(),
    environment: process.env,
  };
}
