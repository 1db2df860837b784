import type { Stack } from "../stacks/Stack.ts";

/** The name under which a stack's host key is known: an address may be used again, this name is not. */
export function hostKeyAlias({ environment, provider }: Pick<Stack, "environment" | "provider">): string {
  return `landfall-${environment}-${provider}`;
}
