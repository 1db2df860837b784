import { isDeepStrictEqual } from "node:util";

/** Whether two states say the same of the world: everything but the serial, which counts writings. */
export function sameState(a: string, b: string, { lineage = true } = {}): boolean {
  return isDeepStrictEqual(stateContent(a, lineage), stateContent(b, lineage));
}

/** What a state says of the world. */
export function stateContent(state: string, lineage = true): unknown {
  const aside = { serial: undefined, terraform_version: undefined, ...(lineage ? {} : { lineage: undefined }) };
  return { ...(JSON.parse(state) as object), ...aside };
}
