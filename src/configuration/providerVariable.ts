/** The variable that feeds a provider's setting, such as PROVIDER_MY_CLOUD_TOKEN; with no key the beginning of all of them. */
export function providerVariable(provider: string, key = ""): string {
  return `PROVIDER_${provider}_${key}`.toUpperCase().replaceAll("-", "_");
}
