import { existsSync } from "node:fs";
import { AppError } from "../errors.ts";
import type { Packages } from "./Host.ts";
import type { Runner } from "./createRunner.ts";

/** Another package manager at work is waited for, this many seconds. */
const lockTimeout = "DPkg::Lock::Timeout=600";

/** Packages of Debian and Ubuntu. */
export function createPackages({ run, runAsRoot }: Runner): Packages {
  const missing = async (names: readonly string[]): Promise<string[]> => {
    if (names.length === 0) return [];
    const { stdout } = await run("dpkg-query", ["-W", "-f", "${binary:Package} ${db:Status-Abbrev}\n", ...names]);
    const installed = new Set(
      stdout.split("\n").flatMap((line) => {
        const [name, state] = line.split(" ");
        return name !== undefined && state?.startsWith("ii") === true ? [name.replace(/:.*$/, "")] : [];
      }),
    );
    return names.filter((name) => !installed.has(name));
  };
  return {
    supported: existsSync("/usr/bin/apt-get"),
    missing,
    async install(names) {
      const wanted = await missing(names);
      if (wanted.length === 0) return;
      const apt = (...args: string[]): ReturnType<Runner["run"]> =>
        runAsRoot("apt-get", ["-o", lockTimeout, "-q", ...args], {
          environment: { DEBIAN_FRONTEND: "noninteractive", NEEDRESTART_MODE: "l" },
        });
      const install = (): ReturnType<Runner["run"]> => apt("install", "-y", "--no-install-recommends", ...wanted);
      // Lists that are old or absent are the usual reason for a first failure.
      if ((await install()).status === 0) return;
      await apt("update");
      const second = await install();
      if (second.status === 0) return;
      throw new AppError("host.packages", `packages cannot be installed: ${lastLine(second.stderr)}`, {
        hint: `run apt-get install ${wanted.join(" ")} by hand and see what it says`,
      });
    },
  };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
