import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { AppError, type Problem } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { StackConfiguration } from "../StackConfiguration.ts";
import { rejection } from "./temporaryWorkspace.ts";

export const environmentFile = "infrastructure/config/environments/development.env";

/** The text of a template of the repository. */
export function template(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, "../../../infrastructure/config", name), "utf8");
}

/** The problems that a load fails with. */
export async function problemsOf(promise: Promise<unknown>): Promise<readonly Problem[]> {
  const error = await rejection(promise, AppError);
  expect(error).toMatchObject({ code: "configuration.invalid", exit: exitCodes.usage });
  return error.problems;
}

export function summary(problems: readonly Problem[]): string[] {
  return problems.map(({ where, message }) => `${where}: ${message}`);
}

export function shown({ values }: StackConfiguration, key: string) {
  return values.find((value) => value.key === key);
}
