import { buildCommand, buildRouteMap } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, settingFlags, type CommonFlags, type SettingFlags } from "../flags.ts";
import { providerCheck } from "./providerCheck.ts";
import { accept, add, create, remove } from "./providerFolders.ts";

const providerParameter = {
  kind: "tuple",
  parameters: [{ brief: "Name of a provider", parse: String, placeholder: "NAME" }],
} as const;

const info = buildCommand<CommonFlags, [string], CliContext>({
  loader: async () => {
    const { describeProviderByName } = await import("../../operations/describeProviderByName.ts");
    const { presentProvider } = await import("../results/presentProvider.ts");
    return async function (_flags, name) {
      this.finish(presentProvider(await describeProviderByName(name, this.operations)));
    };
  },
  parameters: { flags: commonFlags, positional: providerParameter },
  docs: { brief: "What a provider needs, takes and can do, from its manifest" },
});

const lock = buildCommand<CommonFlags, [string], CliContext>({
  loader: async () => {
    const { lockProvider } = await import("../../operations/lockProvider.ts");
    const { presentProviderLock } = await import("../results/presentProviderLock.ts");
    return async function (_flags, name) {
      this.finish(presentProviderLock(await lockProvider(name, this.operations)));
    };
  },
  parameters: { flags: commonFlags, positional: providerParameter },
  docs: { brief: "Record the plugin's checksums in the provider's folder" },
});

const run = buildCommand<CommonFlags & SettingFlags, [string, string, ...string[]], CliContext>({
  loader: async () => {
    const { runAction } = await import("../../operations/runAction.ts");
    const { presentAction } = await import("../results/presentAction.ts");
    return async function (flags, selector, action, ...rest) {
      const options = { selector, action, arguments: rest, terminal: !flags.json, set: flags.set ?? [] };
      this.finish(presentAction(await runAction(options, this.operations)));
    };
  },
  parameters: {
    flags: { ...commonFlags, ...settingFlags },
    positional: {
      kind: "array",
      minimum: 2,
      parameter: { brief: "STACK ACTION [-- ARGUMENTS]", parse: String, placeholder: "STACK ACTION" },
    },
  },
  docs: {
    brief: "Run a command of the provider's own; provider info lists them",
    fullDescription: "Run a command of the provider's own on a stack: landfall provider run STACK ACTION -- ARGUMENTS.",
  },
});

export const provider = buildRouteMap({
  routes: { info, lock, check: providerCheck, run, new: create, add, accept, remove },
  docs: { brief: "One provider" },
});
