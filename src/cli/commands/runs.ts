import { buildCommand, buildRouteMap } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, type CommonFlags } from "../flags.ts";

const list = buildCommand<CommonFlags, [string], CliContext>({
  loader: async () => {
    const { runsOfStack } = await import("../../operations/runsOfStack.ts");
    const { presentRuns } = await import("../results/presentRuns.ts");
    return async function (_flags, stack) {
      this.finish(presentRuns(await runsOfStack(stack, this.operations)));
    };
  },
  parameters: {
    flags: commonFlags,
    positional: {
      kind: "tuple",
      parameters: [{ brief: "A stack, or an environment with one stack", parse: String, placeholder: "STACK" }],
    },
  },
  docs: { brief: "Runs on a stack, newest first, with outcome and duration" },
});

const show = buildCommand<CommonFlags, [string, string?], CliContext>({
  loader: async () => {
    const { showRun } = await import("../../operations/runsOfStack.ts");
    const { presentRun } = await import("../results/presentRuns.ts");
    return async function ({ verbose }, first, second) {
      const request = second === undefined ? { selector: undefined, id: first } : { selector: first, id: second };
      this.finish(presentRun(await showRun(request, this.operations), verbose));
    };
  },
  parameters: {
    flags: commonFlags,
    positional: {
      kind: "tuple",
      parameters: [
        { brief: "A stack, or the id of a run", parse: String, placeholder: "STACK" },
        { brief: "The id of a run, or how it begins", parse: String, placeholder: "ID", optional: true },
      ],
    },
  },
  docs: { brief: "One run: its record, what happened, and where its log is" },
});

export const runs = buildRouteMap({
  routes: { list, show },
  defaultCommand: "list",
  docs: { brief: "What was done to a stack" },
});
