/** Names of providers: the folder, the second half of a stack's name. */
export const providerNamePattern = /^[a-z][a-z0-9-]{0,30}$/;

export function isProviderName(name: string): boolean {
  return providerNamePattern.test(name);
}
