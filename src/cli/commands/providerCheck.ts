import { dirname, resolve } from "node:path";
import { buildCommand } from "@stricli/core";
import type { Level } from "../../conformance/Rule.ts";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Files } from "../../ports/Files.ts";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, yesFlag, type CommonFlags, type YesFlag } from "../flags.ts";

interface CheckFlags {
  level?: Level;
  rule?: readonly string[];
  junit?: string;
}

export const providerCheck = buildCommand<CommonFlags & YesFlag & CheckFlags, [string], CliContext>({
  loader: async () => {
    const { checkProvider } = await import("../../operations/check/checkProvider.ts");
    const { presentProviderCheck } = await import("../results/presentProviderCheck.ts");
    const { junitOfCheck } = await import("../results/junitOfCheck.ts");
    return async function ({ level, rule: rules, junit, yes, verbose }, provider) {
      if (junit !== undefined) await checkReportPath(resolve(junit), this.operations.ports.files);
      const chosen = { ...(level === undefined ? {} : { level }), ...(rules === undefined ? {} : { rules }) };
      const report = await checkProvider({ provider, yes, ...chosen }, this.operations);
      if (junit !== undefined) await this.operations.ports.files.write(resolve(junit), junitOfCheck(report));
      this.finish(presentProviderCheck(report, { verbose }));
    };
  },
  parameters: {
    flags: {
      ...commonFlags,
      verbose: { ...commonFlags.verbose, brief: "Also show the rules that are kept, and what child processes print" },
      ...yesFlag,
      level: {
        kind: "enum",
        values: ["static", "plan", "rehearsal", "live"],
        brief: "How far to go: static executes nothing, live costs money; by default as far as it works offline",
        optional: true,
      },
      rule: {
        kind: "parsed",
        parse: String,
        brief: "Only this rule, and what it builds on",
        variadic: true,
        optional: true,
        placeholder: "ID",
      },
      junit: { kind: "parsed", parse: String, brief: "Also write a JUnit report", optional: true, placeholder: "FILE" },
    },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "Name of a provider, or path of its folder", parse: String, placeholder: "NAME|PATH" }],
    },
  },
  docs: { brief: "Whether a provider keeps the contract, rule by rule" },
});

/** Before anything is checked, which may take long. */
async function checkReportPath(file: string, files: Files): Promise<void> {
  const directory = await files.realPath(dirname(file));
  const kind = directory === undefined ? undefined : (await files.status(directory))?.kind;
  const occupied = (await files.status(file))?.kind === "directory";
  if (kind === "directory" && !occupied) return;
  const why = occupied ? "it is a directory" : `there is no directory ${dirname(file)}`;
  throw new AppError("check.junit", `the report cannot be written to ${file}: ${why}`, {
    hint: "make that directory, or give --junit another file",
    exit: exitCodes.usage,
  });
}
