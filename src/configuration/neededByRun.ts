/** Whether a run of the engine needs a variable: the provider's settings and the state's. The application's it does not. */
export function neededByRun(key: string): boolean {
  return key.startsWith("PROVIDER_") || key.startsWith("STATE_");
}
