/** Members of these names, also those that an instance has from its class, as an object's own; functions keep their `this`. */
export function membersOf(exported: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names
      .filter((name) => name in exported)
      .map((name) => [name, (exported as Record<string, unknown>)[name]] as const)
      .map(([name, value]) => [name, typeof value === "function" ? (value.bind(exported) as unknown) : value]),
  );
}
