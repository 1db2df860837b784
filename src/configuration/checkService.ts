import type { Problem } from "../errors.ts";
import type { Notice } from "../events/Event.ts";
import type { Ports } from "../ports/Ports.ts";
import { checkOpenPorts } from "./checkOpenPorts.ts";
import { checkPublicNames } from "./checkPublicNames.ts";
import type { DeclaredApplication } from "./DeclaredApplication.ts";
import type { Expansion } from "./expandValues.ts";
import { originText } from "./Layers.ts";
import type { ConfigurationRequest } from "./loadConfiguration.ts";
import type { StandardSettings } from "./StackConfiguration.ts";
import { weakSecrets } from "./weakSecrets.ts";

interface Checked {
  standard: StandardSettings;
  expansion: Expansion;
  /** Undefined where there is none. */
  application: DeclaredApplication | undefined;
  /** What is wrong already; one reason for each setting is enough. */
  known: readonly Problem[];
}

/**
 * What is well-formed, and yet no server that others reach should be made with; nothing unless the request is for one. In
 * `development` it is only told, and the sample domain that its template has is fine.
 */
export async function checkService(
  { environment, forService, rehearsal }: Pick<ConfigurationRequest, "environment" | "forService" | "rehearsal">,
  { standard, expansion, application, known }: Checked,
  { emit }: Pick<Ports, "emit">,
): Promise<Problem[]> {
  if (forService === undefined || rehearsal === true) return [];
  const unfit = [...weakSecrets(expansion), ...checkOpenPorts(expansion, application)];
  const lenient = isLenient(environment);
  if (lenient) for (const problem of unfit) emit(told(problem));
  const found = (await forService(standard)).map((problem) => {
    const value = expansion.values.get(problem.key ?? "");
    return value === undefined ? problem : { where: originText(value.origin, value.spelling), ...problem };
  });
  return [...(lenient ? [] : [...unfit, ...checkPublicNames(expansion)]), ...found].filter(
    ({ key }) => !known.some((problem) => problem.key === key),
  );
}

/** What is unfit for a server that others reach is only told where things are tried. */
export function isLenient(environment: string): boolean {
  return environment === "development";
}

function told({ message, where, hint }: Problem): Notice {
  return {
    type: "notice",
    level: "info",
    code: "configuration.unfit-elsewhere",
    message: `${message} (${where})`,
    hint: `fine in development, refused in any other environment; ${hint}`,
  };
}
