import { buildCommand, buildRouteMap } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, waitFlag, type CommonFlags, type WaitFlag } from "../flags.ts";
import { appBackupRoutes, appBackups, appRestore } from "./appBackup.ts";
import { appExec } from "./appExec.ts";
import { appLogs } from "./appLogs.ts";

const stack = { brief: "A stack, or an environment with one stack", parse: String, placeholder: "STACK" } as const;
const onlyStack = { kind: "tuple", parameters: [stack] } as const;

const status = buildCommand<CommonFlags, [string], CliContext>({
  loader: async () => {
    const { appStatus } = await import("../../operations/app/appStatus.ts");
    const { presentAppStatus } = await import("../results/presentAppStatus.ts");
    return async function (_flags, selector) {
      this.finish(presentAppStatus(await appStatus(selector, this.operations)));
    };
  },
  parameters: { flags: commonFlags, positional: onlyStack },
  docs: { brief: "What of the application runs: release, services, disk, newest backup" },
});

const health = buildCommand<CommonFlags, [string], CliContext>({
  loader: async () => {
    const { appHealth } = await import("../../operations/app/appHealth.ts");
    const { presentAppHealth } = await import("../results/presentAppHealth.ts");
    return async function (_flags, selector) {
      this.finish(presentAppHealth(await appHealth(selector, this.operations)));
    };
  },
  parameters: { flags: commonFlags, positional: onlyStack },
  docs: {
    brief: "Make every check, on the server and from here",
    fullDescription:
      "Make every check, on the server and from here, and report all of them. The status is 1 where one is bad.",
  },
});

const releases = buildCommand<CommonFlags, [string], CliContext>({
  loader: async () => {
    const { appReleases } = await import("../../operations/app/appReleases.ts");
    const { presentAppReleases } = await import("../results/presentAppReleases.ts");
    return async function (_flags, selector) {
      this.finish(presentAppReleases(await appReleases(selector, this.operations)));
    };
  },
  parameters: { flags: commonFlags, positional: onlyStack },
  docs: { brief: "The releases that the server keeps, newest first" },
});

const rollback = buildCommand<CommonFlags & WaitFlag, [string, string?], CliContext>({
  loader: async () => {
    const { appRollback } = await import("../../operations/app/appRollback.ts");
    const { presentRollback } = await import("../results/presentDeploy.ts");
    return async function (_flags, selector, release) {
      this.finish(presentRollback(await appRollback({ selector, release }, this.operations)));
    };
  },
  parameters: {
    flags: { ...commonFlags, ...waitFlag },
    positional: {
      kind: "tuple",
      parameters: [
        stack,
        { brief: "A release; the one before, unless given", parse: String, placeholder: "RELEASE", optional: true },
      ],
    },
  },
  docs: { brief: "Let an earlier release serve again" },
});

export const app = buildRouteMap({
  routes: {
    status,
    logs: appLogs,
    health,
    rollback,
    releases,
    exec: appExec,
    backup: appBackupRoutes,
    backups: appBackups,
    restore: appRestore,
  },
  docs: { brief: "The application on the server of a stack" },
});
