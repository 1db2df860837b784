/** Whether the value of a variable is secret, to judge by its name. For a provider's settings the manifest decides instead. */
export function isSecretName(name: string): boolean {
  return /(^|_)(PASSWORD|PASSPHRASE|PASSWD|TOKEN|SECRET|KEY|CREDENTIALS)$/.test(name) && !/(^|_)PUBLIC_KEY$/.test(name);
}
