import { buildCommand, buildRouteMap } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, type CommonFlags } from "../flags.ts";
import { providerCheck } from "./providerCheck.ts";
import { accept, add, remove } from "./providerFolders.ts";

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

export const provider = buildRouteMap({
  routes: { info, lock, check: providerCheck, add, accept, remove },
  docs: { brief: "One provider" },
});
