import { buildCommand, buildRouteMap } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, type CommonFlags } from "../flags.ts";

interface Flags extends CommonFlags {
  from: string;
}

const create = buildCommand<Flags, [string], CliContext>({
  loader: async () => {
    const { createEnvironment } = await import("../../operations/createEnvironment.ts");
    const { presentNewEnvironment } = await import("../results/presentNewEnvironment.ts");
    return async function ({ from }, name) {
      this.finish(presentNewEnvironment(await createEnvironment({ name, from }, this.operations)));
    };
  },
  parameters: {
    flags: {
      ...commonFlags,
      from: {
        kind: "parsed",
        parse: String,
        brief: "The environment whose template it begins with",
        default: "development",
        placeholder: "ENVIRONMENT",
      },
    },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "Name of the new environment", parse: String, placeholder: "NAME" }],
    },
  },
  docs: { brief: "Write the template of a new environment" },
});

export const environment = buildRouteMap({ routes: { new: create }, docs: { brief: "One environment" } });
