import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, type CommonFlags } from "../flags.ts";

interface Flags extends CommonFlags {
  tail: number;
  since?: string;
  follow: boolean;
}

export const appLogs = buildCommand<Flags, [string, ...string[]], CliContext>({
  loader: async () => {
    const { appLogs: read } = await import("../../operations/app/appLogs.ts");
    const { presentAppLogs } = await import("../results/presentAppLogs.ts");
    return async function ({ tail, since, follow }, selector, ...services) {
      this.finish(presentAppLogs(await read({ selector, services, tail, since, follow }, this.operations)));
    };
  },
  parameters: {
    flags: {
      ...commonFlags,
      tail: {
        kind: "parsed",
        parse: wholeNumber,
        brief: "How many lines of each service",
        default: "100",
        placeholder: "LINES",
      },
      since: {
        kind: "parsed",
        parse: duration,
        brief: "Only what was written since then: 10m, 2h, or 2026-11-28T12:00:00Z",
        optional: true,
        placeholder: "TIME",
      },
      follow: { kind: "boolean", brief: "Go on until Ctrl-C", default: false, withNegated: false },
    },
    positional: {
      kind: "array",
      minimum: 1,
      parameter: { brief: "STACK [SERVICE ...]", parse: String, placeholder: "STACK" },
    },
  },
  docs: { brief: "What services wrote, with every secret of the release replaced by ***" },
});

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new Error(`--tail takes a whole number, not "${text}"`);
}

function duration(text: string): string {
  if (/^(\d{1,6}[smh]|\d{4}-\d{2}-\d{2}(T[\d:.]+Z?)?)$/.test(text)) return text;
  throw new Error(`--since takes 10m, 2h or a time such as 2026-11-28T12:00:00Z, not "${text}"`);
}
