import type { Stack } from "./Stack.ts";

/** The stack of an environment on a provider; both names are taken as they are. */
export function makeStack(environment: string, provider: string): Stack {
  const name = `${environment}/${provider}`;
  return { environment, provider, name, label: `${environment}_${provider}`, identity: name };
}
