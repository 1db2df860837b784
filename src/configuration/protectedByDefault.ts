/** Whether an environment is protected where PROTECTED does not say. */
export function protectedByDefault(environment: string): boolean {
  return environment === "production";
}
