import type { AppError, Problem } from "../errors.ts";

/** An error for people. `told` are messages that they have read already. */
export function errorText(error: AppError, told: readonly string[] = []): string {
  const fresh = error.problems.filter(({ message }) => !told.includes(message));
  return [`error: ${error.message}`, ...fresh.flatMap(problemLines), `next: ${error.hint}`].join("\n");
}

function problemLines({ message, where, key, hint }: Problem): string[] {
  const told = key !== undefined && (message.startsWith(key) || where?.endsWith(` ${key}`) === true);
  const place = [where, told ? undefined : key].filter((part) => part !== undefined).join(" ");
  const [first = "", ...more] = `${place === "" ? "" : `${place}: `}${message}`.split("\n");
  return [
    `  ${first}`,
    ...more.map((line) => `    ${line}`.trimEnd()),
    ...(hint === undefined ? [] : [`    next: ${hint}`]),
  ];
}
