// Says by its exit status whether node_modules holds what package-lock.json names: `run` without the
// packages of developers, `development` with them. Plain JavaScript without dependencies: any Node runs it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const development = process.argv[2] === "development";
process.exitCode = complete() ? 0 : 1;

function complete() {
  const wanted = packagesIn("package-lock.json");
  // Installed by npm as a package: npm has seen to the dependencies, and ships no lock file.
  if (wanted === undefined) return true;
  // npm writes this one last, so an interrupted installation has none.
  const installed = packagesIn("node_modules/.package-lock.json");
  return (
    installed !== undefined &&
    Object.entries(wanted)
      .filter(([path, entry]) => path !== "" && isMeantForUs(entry))
      .every(
        ([path, { version, integrity }]) =>
          installed[path]?.version === version &&
          installed[path]?.integrity === integrity &&
          existsSync(join(root, path, "package.json")),
      )
  );
}

function isMeantForUs({ dev, devOptional, optional, os, cpu, libc }) {
  if ((dev || devOptional) && !development) return false;
  // What an optional package for another system needs; nothing else tells that it is left out.
  if (optional && os === undefined && cpu === undefined) return false;
  // Which C library this machine has is npm's to find out.
  return allows(os, process.platform) && allows(cpu, process.arch) && libc === undefined;
}

/** A package names one system or several. */
function allows(named, own) {
  return named === undefined || [named].flat().includes(own);
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  } catch {
    return undefined;
  }
}
