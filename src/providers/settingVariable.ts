/** The variable that feeds a setting, such as `PROVIDER_ACME_TOKEN`. */
export function settingVariable(provider: string, key: string): string {
  return `PROVIDER_${provider}_${key}`.toUpperCase().replaceAll("-", "_");
}
