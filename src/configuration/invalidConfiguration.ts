import { AppError, type Problem } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";

/**
 * Everything that is wrong, in the order of files and lines.
 * @param subject whose configuration it is, such as `production/acme`
 */
export function invalidConfiguration(subject: string, problems: readonly Problem[], hint: string): AppError {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new AppError("configuration.invalid", `the configuration of ${subject} has ${count}`, {
    hint,
    exit: exitCodes.usage,
    problems: problems.toSorted(byPlace),
  });
}

function byPlace(a: Problem, b: Problem): number {
  const [fileA, lineA] = place(a);
  const [fileB, lineB] = place(b);
  return fileA === fileB ? lineA - lineB : fileA < fileB ? -1 : 1;
}

/** What has no place in a file comes last. */
function place({ where }: Problem): [file: string, line: number] {
  if (where === undefined) return ["\uFFFF", 0];
  const match = /^(.*):(\d+)$/.exec(where);
  return match === null ? [`\uFFFE${where}`, 0] : [match[1] ?? "", Number(match[2])];
}
