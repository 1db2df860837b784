import type { Problem } from "../errors.ts";
import type { Reporter, ReporterOptions } from "./Reporter.ts";

/** Every event as one line of JSON on standard output, then one object of type `result`. Standard error stays empty. */
export function createNdjsonReporter({ stdout, verbose, now }: ReporterOptions): Reporter {
  const write = (fact: object): void => {
    stdout.write(`${escaped(JSON.stringify({ time: new Date(now()).toISOString(), ...fact }))}\n`);
  };
  return {
    emit(event) {
      if (verbose || event.type !== "child.output") write(event);
    },
    result({ command, ok, data }) {
      const own = { type: "result", command, ok };
      // Named twice: first for the order of the keys, last so that data cannot replace them.
      write({ ...own, ...data, ...own });
    },
    error({ code, message, hint, exit, problems }) {
      write({ type: "result", ok: false, error: { code, message, hint, exit, problems: problems.map(withPlace) } });
    },
    close: () => undefined,
  };
}

/** `where` is for people; scripts get the file and the line apart. */
function withPlace(problem: Problem): object {
  const match = /^(.+):([1-9][0-9]*)$/.exec(problem.where ?? "");
  return match === null ? problem : { ...problem, file: match[1], line: Number(match[2]) };
}

/** JSON leaves these as they are, and a terminal would obey some: control characters, and what turns writing around. */
function escaped(json: string): string {
  return json.replaceAll(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
