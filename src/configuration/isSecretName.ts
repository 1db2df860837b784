import { isStateSecret } from "./stateBackends.ts";

/** Whether the value of a variable is secret, to judge by its name. For a provider's settings the manifest decides instead. */
export function isSecretName(name: string): boolean {
  const ofState = isStateSecret(name);
  if (ofState !== undefined) return ofState;
  return /(^|_)(PASSWORD|PASSPHRASE|PASSWD|TOKEN|SECRET|KEY|CREDENTIALS)$/.test(name) && !/(^|_)PUBLIC_KEY$/.test(name);
}
