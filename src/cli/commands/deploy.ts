import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, settingFlags, waitFlag, type CommonFlags, type SettingFlags, type WaitFlag } from "../flags.ts";

interface Flags extends CommonFlags, SettingFlags, WaitFlag {
  images?: string;
  force: boolean;
}

export const deploy = buildCommand<Flags, [string], CliContext>({
  loader: async () => {
    const { deployStack } = await import("../../operations/app/deployStack.ts");
    const { presentDeploy } = await import("../results/presentDeploy.ts");
    return async function ({ set = [], images, force }, selector) {
      this.finish(presentDeploy(await deployStack({ selector, set, images, force }, this.operations)));
    };
  },
  parameters: {
    flags: {
      ...commonFlags,
      ...settingFlags,
      ...waitFlag,
      images: {
        kind: "parsed",
        parse: String,
        brief: "Load the images from this archive (docker save) instead of pulling them",
        optional: true,
        placeholder: "ARCHIVE",
      },
      force: {
        kind: "boolean",
        brief: "Also where the same content serves already: every container is made anew",
        default: false,
        withNegated: false,
      },
    },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "A stack, or an environment with one stack", parse: String, placeholder: "STACK" }],
    },
  },
  docs: {
    brief: "Put the application on the server, wait until it is healthy, or leave the former release serving",
    fullDescription:
      "Put the application (APPLICATION_DIR) on the server of a stack, wait until it is healthy, or leave the former release serving. SKIP_HEALTH_CHECK=true leaves the checks out.",
  },
});
