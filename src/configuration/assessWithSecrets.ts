import { AppError, type Problem } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import type { ExpandedValue, Expansion } from "./expandValues.ts";
import { checkSecrets, fetchSecrets } from "./fetchSecrets.ts";
import { invalidConfiguration } from "./invalidConfiguration.ts";

export interface SecretRequest {
  /** Which variables' secrets are fetched from elsewhere; none unless given. Others stay unknown. */
  needs?: ((key: string) => boolean) | undefined;
  /** Whether all of them are looked at without fetching any: files can be read, programs are there and allowed. */
  verify?: boolean | undefined;
}

export interface Assessment {
  problems: readonly Problem[];
}

/**
 * Judges values, fetches the secrets that are needed of valid ones, and judges again with these. So no command runs
 * for a configuration that is wrong anyway. Throws `configuration.invalid` with every problem, `secrets.program` where
 * nothing but programs is missing, and `secrets.unavailable`.
 */
export async function assessWithSecrets<A extends Assessment>(
  {
    expand,
    assess,
    subject,
    hint,
    root,
    needs = () => false,
    verify = false,
  }: SecretRequest & {
    /** @param secrets those that are known, by `secretReference` */
    expand: (secrets: ReadonlyMap<string, string>) => Promise<Expansion>;
    assess: (expansion: Expansion) => A | Promise<A>;
    /** As `invalidConfiguration` takes it. */
    subject: string;
    hint: string;
    root: string;
  },
  ports: Ports,
): Promise<A & { expansion: Expansion }> {
  const first = await judge(new Map());
  const values = [...first.expansion.values.values()];
  const needed = pendingOf(values.filter(({ key }) => needs(key)));
  const { problems, missing } = await checkSecrets(verify ? pendingOf(values) : needed, root, ports);
  const all = [...first.problems, ...problems, ...missing];
  if (all.length > 0 && all.length === missing.length) throw missingPrograms(missing);
  if (all.length > 0) throw invalidConfiguration(subject, all, hint);
  if (needed.length === 0) return first;

  const known = values.filter(({ secret, pending }) => secret && pending.length === 0).map(({ text }) => text);
  const second = await judge(await fetchSecrets(needed, root, known, ports));
  if (second.problems.length > 0) throw invalidConfiguration(subject, second.problems, hint);
  return second;

  async function judge(secrets: ReadonlyMap<string, string>): Promise<A & { expansion: Expansion }> {
    const expansion = await expand(secrets);
    return { ...(await assess(expansion)), expansion };
  }
}

function pendingOf(values: readonly ExpandedValue[]): ExpandedValue["pending"] {
  return values.flatMap(({ pending }) => pending);
}

function missingPrograms(problems: readonly Problem[]): AppError {
  return new AppError("secrets.program", "secrets are kept with a program that this computer does not have", {
    hint: "install what is said above, then run the same command again",
    exit: exitCodes.prerequisites,
    problems,
  });
}
