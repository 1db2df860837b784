import { buildCommand, numberParser } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, rehearsalFlags, yesFlag, type CommonFlags, type RehearsalFlags, type YesFlag } from "../flags.ts";

interface Flags extends CommonFlags, YesFlag, RehearsalFlags {
  port: number;
  data?: string;
}

export const simulate = buildCommand<Flags, [string], CliContext>({
  loader: async () => {
    const { simulateProvider } = await import("../../operations/simulateProvider.ts");
    const { presentSimulation } = await import("../results/presentSimulation.ts");
    return async function (flags, provider) {
      const { port, data, boot, yes, fault } = flags;
      await simulateProvider(
        { provider, port, data, boot, yes, faults: fault ?? [] },
        (simulation) => this.announce(presentSimulation(simulation)),
        this.operations,
      );
    };
  },
  parameters: {
    flags: {
      ...commonFlags,
      ...yesFlag,
      ...rehearsalFlags,
      port: {
        kind: "parsed",
        parse: numberParser,
        brief: "Port on 127.0.0.1; 0 stands for any that is free",
        default: "0",
      },
      data: {
        kind: "parsed",
        parse: String,
        brief: "File that keeps what exists, for the next time",
        optional: true,
        placeholder: "FILE",
      },
    },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "Name of a provider", parse: String, placeholder: "PROVIDER" }],
    },
  },
  docs: {
    brief: "Serve a simulation of a provider's API until Ctrl-C; meanwhile every command takes --rehearsal",
  },
});
