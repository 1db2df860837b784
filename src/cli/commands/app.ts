import { buildCommand, buildRouteMap } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, type CommonFlags } from "../flags.ts";

const stack = { brief: "A stack, or an environment with one stack", parse: String, placeholder: "STACK" } as const;

const status = buildCommand<CommonFlags, [string], CliContext>({
  loader: async () => {
    const { appStatus } = await import("../../operations/app/appStatus.ts");
    const { presentAppStatus } = await import("../results/presentAppStatus.ts");
    return async function (_flags, selector) {
      this.finish(presentAppStatus(await appStatus(selector, this.operations)));
    };
  },
  parameters: { flags: commonFlags, positional: { kind: "tuple", parameters: [stack] } },
  docs: { brief: "What of the application runs: release, services, disk, newest backup" },
});

export const app = buildRouteMap({
  routes: { status },
  docs: { brief: "The application on the server of a stack" },
});
