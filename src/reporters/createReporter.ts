import { createLiveReporter } from "./createLiveReporter.ts";
import { createNdjsonReporter } from "./createNdjsonReporter.ts";
import { createPlainReporter } from "./createPlainReporter.ts";
import { createSilentReporter } from "./createSilentReporter.ts";
import type { Reporter, ReporterOptions } from "./Reporter.ts";

/** The reporter of a kind. A terminal that cannot move its cursor gets plain lines instead of live ones. */
export function createReporter(kind: "live" | "plain" | "ndjson" | "silent", options: ReporterOptions): Reporter {
  switch (kind) {
    case "live":
      return isDumb(options.environment["TERM"]) ? createPlainReporter(options) : createLiveReporter(options);
    case "plain":
      return createPlainReporter(options);
    case "ndjson":
      return createNdjsonReporter(options);
    case "silent":
      return createSilentReporter(options);
  }
}

function isDumb(terminal: string | undefined): boolean {
  return terminal === undefined || terminal === "" || terminal === "dumb";
}
