import type { ResourceRoles } from "../providers/Manifest.ts";
import { allChangedAttributes } from "./changedAttributes.ts";
import type { ResourceChange } from "./engineJson.ts";

/** What a resource is to the user; `restart`: one of its changes restarts the machine. */
export type Role = "machine" | "disk" | "data" | "address" | "restart";

/** Every provider's module is the one called `provider` in the root module. */
const modulePrefix = "module.provider.";

/** Compares without indices: `acme_server.vm` also stands for `module.provider.acme_server.vm[0]`. */
export function rolesOf(change: ResourceChange, declared: ResourceRoles): ReadonlySet<Role> {
  const address = withoutIndices(change.address);
  const roles = new Set<Role>();
  for (const role of ["machine", "disk", "data", "address"] as const) {
    if (declared[role].some((name) => modulePrefix + withoutIndices(name) === address)) roles.add(role);
  }
  const restarting = declared.restart
    .map((name) => modulePrefix + withoutIndices(name))
    .filter((name) => name.startsWith(`${address}.`))
    .map((name) => name.slice(address.length + 1));
  if (restarting.length > 0) {
    const changed = allChangedAttributes(change);
    if (restarting.some((name) => changed.some((path) => path === name || path.startsWith(`${name}.`)))) {
      roles.add("restart");
    }
  }
  return roles;
}

function withoutIndices(address: string): string {
  return address.replace(/\[("([^"\\]|\\.)*"|\d+)\]/g, "");
}
