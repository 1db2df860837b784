import { AppError, type Problem } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";

export function unusableAssignments(problems: readonly Problem[]): AppError {
  const count = problems.length === 1 ? "1 value" : `${problems.length} values`;
  return new AppError("configuration.assignment", `${count} given with --set cannot be used; nothing was written`, {
    hint: "correct what is listed, then run the same command again",
    exit: exitCodes.usage,
    problems,
  });
}

export function trackedFiles(files: readonly string[]): AppError {
  const names = files.join(" ");
  return new AppError("configuration.tracked", "git tracks a file that is made for secrets; nothing was written", {
    hint: `git rm --cached ${names}, commit that, and change every secret that was in it: whoever has the history has them`,
    exit: exitCodes.refused,
    problems: files.map((file) => ({
      where: file,
      message: "git tracks this file: its secrets travel with every clone and stay in the history",
      hint: `git rm --cached ${file}`,
    })),
  });
}

export function changedMeanwhile(file: string): AppError {
  return new AppError("configure.changed", `${file} was written by somebody else meanwhile; it was left as it is`, {
    hint: "run the same command again: it starts from what the file says now",
  });
}
