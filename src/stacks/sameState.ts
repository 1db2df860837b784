import { isDeepStrictEqual } from "node:util";
import { parseExactly } from "../parseExactly.ts";

/** Whether two states say the same of the world: everything but the serial, which counts writings. */
export function sameState(a: string, b: string): boolean {
  return isDeepStrictEqual(stateContent(a), stateContent(b));
}

/** What a state says of the world. */
export function stateContent(state: string): unknown {
  const aside = { serial: undefined, terraform_version: undefined };
  return { ...(parseExactly(state) as object), ...aside };
}
