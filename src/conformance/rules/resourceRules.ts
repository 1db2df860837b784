import type { StaticRule } from "../Rule.ts";
import type { Subject } from "../Subject.ts";
import { makesMachines, moduleTexts } from "../textOf.ts";
import { withModule } from "./moduleRules.ts";

const level = "static";

export const resourceRules: StaticRule[] = [
  {
    id: "resources.machine",
    rule: "resources.machine names the machine",
    why: "without it any loss counts as the loss of the machine",
    how: "the manifest is read",
    level,
    mandatory: true,
    check: (subject) =>
      withModule(subject, () => {
        if (!makesMachines(subject)) return { untested: "nothing is made" };
        if ((subject.manifest.value?.resources.machine.length ?? 0) > 0) return [];
        const where = subject.manifest.where(["resources"]);
        return [
          { message: "resources.machine is missing", where, hint: "write resources: { machine: [acme_server.vm] }" },
        ];
      }),
  },
  {
    id: "resources.exist",
    rule: "what resources names is in the module",
    why: "a role of nothing protects nothing",
    how: "the manifest against what the engine reads in the module",
    level,
    mandatory: true,
    check: (subject) =>
      withModule(subject, ({ resources = [] }) => {
        const known = [...resources.map(({ address }) => address), ...moduleCalls(subject)];
        const roles = Object.entries(subject.manifest.value?.resources ?? {}) as [string, string[]][];
        return roles.flatMap(([role, addresses]) =>
          addresses
            .filter((address) => !known.includes(beginningOf(address)))
            .map((address) => ({
              message: `resources.${role} names ${address}, which the module does not have`,
              where: subject.manifest.where(["resources", role]),
              hint: `the module has ${known.join(", ")}`,
            })),
        );
      }),
  },
  {
    id: "resources.data",
    rule: "with the capability data_disk, resources.data names the disk",
    why: "a plan that destroys it has to ask for the stack's name",
    how: "the manifest is read",
    level,
    mandatory: true,
    check: (subject) =>
      withModule(subject, () => {
        const { capabilities, resources } = subject.manifest.value ?? {};
        if (capabilities?.data_disk !== true) return { untested: "no data_disk" };
        if ((resources?.data.length ?? 0) > 0) return [];
        const where = subject.manifest.where(["resources"]);
        return [{ message: "resources.data is missing", where, hint: "name the data disk there" }];
      }),
  },
  {
    id: "resources.address",
    rule: "with the capability reserve_address, resources.address names the address",
    why: "losing it cuts everybody off, so the plan's summary says so",
    how: "the manifest is read",
    level,
    mandatory: false,
    check: (subject) =>
      withModule(subject, () => {
        const { capabilities, resources } = subject.manifest.value ?? {};
        if (capabilities?.reserve_address !== true) return { untested: "no reserve_address" };
        if (capabilities.local === true) return { untested: "addresses of this computer are no resource" };
        if ((resources?.address.length ?? 0) > 0) return [];
        const where = subject.manifest.where(["resources"]);
        return [{ message: "resources.address is missing", where, hint: "name the reserved address there" }];
      }),
  },
];

/** What the engine says of a module is about that alone: of one below it the call counts, `module.server`. */
function moduleCalls(subject: Subject): string[] {
  return moduleTexts(subject)
    .filter(({ file }) => !file.path.includes("/"))
    .flatMap(({ code }) => [...code.matchAll(/^\s*module\s+"([^"]*)"/gm)].map(([, name = ""]) => `module.${name}`));
}

/** Type and name, or the first module; without keys, and without the attribute of a restart. */
function beginningOf(address: string): string {
  return address
    .replaceAll(/\[[^\]]*\]/g, "")
    .split(".")
    .slice(0, 2)
    .join(".");
}
