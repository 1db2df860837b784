import { buildCommand, buildRouteMap } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, waitFlag, yesFlag, type CommonFlags, type WaitFlag, type YesFlag } from "../flags.ts";

const stack = { brief: "A stack, or an environment with one stack", parse: String, placeholder: "STACK" } as const;
const id = { brief: "A backup; the newest, unless given", parse: String, placeholder: "ID", optional: true } as const;

const directory = (brief: string) =>
  ({ kind: "parsed", parse: String, brief, optional: true, placeholder: "DIR" }) as const;

interface SourceFlags extends CommonFlags, WaitFlag {
  from?: string;
  identity?: string;
}

const sourceFlags = {
  ...commonFlags,
  ...waitFlag,
  from: directory("Take it from this directory of this computer, which --copy has filled"),
  identity: {
    kind: "parsed",
    parse: String,
    brief: "The age identity that decrypts it (LANDFALL_AGE_IDENTITY); it does not leave this computer",
    optional: true,
    placeholder: "FILE",
  },
} as const;

const create = buildCommand<CommonFlags & WaitFlag & { copy?: string }, [string], CliContext>({
  loader: async () => {
    const { appBackup } = await import("../../operations/app/appBackup.ts");
    const { presentBackup } = await import("../results/presentBackup.ts");
    return async function ({ copy }, selector) {
      this.finish(presentBackup(await appBackup({ selector, copy }, this.operations)));
    };
  },
  parameters: {
    flags: { ...commonFlags, ...waitFlag, copy: directory("Also bring it to this directory of this computer") },
    positional: { kind: "tuple", parameters: [stack] },
  },
  docs: { brief: "Make a backup: the database's dump and the files that the application declares" },
});

const verify = buildCommand<SourceFlags, [string, string?], CliContext>({
  loader: async () => {
    const { verifyBackup } = await import("../../operations/app/verifyBackup.ts");
    const { presentVerification } = await import("../results/presentBackup.ts");
    return async function ({ from, identity }, selector, backup) {
      this.finish(presentVerification(await verifyBackup({ selector, backup, from, identity }, this.operations)));
    };
  },
  parameters: { flags: sourceFlags, positional: { kind: "tuple", parameters: [stack, id] } },
  docs: { brief: "Restore a backup beside the running application, look whether it is whole, remove all of it" },
});

/** `app backup STACK` makes one; `app backup verify STACK` tries one. */
export const appBackupRoutes = buildRouteMap({
  routes: { create, verify },
  defaultCommand: "create",
  docs: { brief: "Make a backup (app backup STACK), or try whether one can be restored" },
});

export const appBackups = buildCommand<CommonFlags, [string], CliContext>({
  loader: async () => {
    const { appBackups: list } = await import("../../operations/app/appBackups.ts");
    const { presentBackups } = await import("../results/presentBackup.ts");
    return async function (_flags, selector) {
      this.finish(presentBackups(await list(selector, this.operations)));
    };
  },
  parameters: { flags: commonFlags, positional: { kind: "tuple", parameters: [stack] } },
  docs: { brief: "The backups that the server keeps, newest first, and when the next is made" },
});

export const appRestore = buildCommand<SourceFlags & YesFlag, [string, string?], CliContext>({
  loader: async () => {
    const { appRestore: restore } = await import("../../operations/app/appRestore.ts");
    const { presentRestored } = await import("../results/presentBackup.ts");
    return async function ({ from, identity, yes }, selector, backup) {
      this.finish(presentRestored(await restore({ selector, backup, from, identity, yes }, this.operations)));
    };
  },
  parameters: {
    flags: { ...sourceFlags, ...yesFlag },
    positional: { kind: "tuple", parameters: [stack, id] },
  },
  docs: {
    brief:
      "Put a backup in the place of the application's data, or leave them as they are where it does not work. SKIP_HEALTH_CHECK=true leaves the checks out",
  },
});
