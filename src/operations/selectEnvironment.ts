import { parseEnvironment } from "../stacks/parseEnvironment.ts";
import type { OperationContext } from "./OperationContext.ts";

/** The environment that a user named; tells of old names. */
export function selectEnvironment(name: string, { ports }: Pick<OperationContext, "ports">): string {
  const { environment, deprecated } = parseEnvironment(name);
  if (deprecated !== undefined) {
    ports.emit({
      type: "notice",
      level: "warning",
      code: "environment.deprecated",
      message: `environment ${deprecated} is now called ${environment}`,
      hint: `write ${environment}`,
    });
  }
  return environment;
}
