import { isDeepStrictEqual } from "node:util";

/** Whether two states say the same of the world: everything but the serial, which counts writings. */
export function sameState(a: string, b: string, { lineage = true } = {}): boolean {
  return isDeepStrictEqual(content(a, lineage), content(b, lineage));
}

function content(state: string, lineage: boolean): unknown {
  const aside = { serial: undefined, terraform_version: undefined, ...(lineage ? {} : { lineage: undefined }) };
  return { ...(JSON.parse(state) as object), ...aside };
}
