import { describe, expect, it } from "vitest";
import { parseStack } from "./parseStack.ts";

describe("parseStack", () => {
  it("reads ENVIRONMENT/PROVIDER", () => {
    expect(parseStack("production/acme-2")).toEqual({
      stack: {
        environment: "production",
        provider: "acme-2",
        name: "production/acme-2",
        label: "production_acme-2",
        identity: "production/acme-2",
      },
    });
  });

  it("translates the old name local", () => {
    expect(parseStack("local/acme")).toMatchObject({ stack: { name: "development/acme" }, deprecated: "local" });
  });

  it.each([
    ["", "no stack was given"],
    ["production", "it has the form ENVIRONMENT/PROVIDER"],
    ["a/b/c", "it has the form ENVIRONMENT/PROVIDER"],
    ["/acme", "the environment is empty (make: ENVIRONMENT=NAME)"],
    ["production/", "the provider is empty (make: PROVIDER=NAME)"],
    ["/", "the environment is empty (make: ENVIRONMENT=NAME); the provider is empty"],
    ["Production/acme", 'the environment "Production" must be lower-case letters'],
    ["production/../..", "it has the form"],
    ["production/..", 'the provider ".." must be'],
    ["production/acme\n", 'the provider "acme\n" must be'],
    [`production/${"a".repeat(32)}`, "at most 31"],
  ])("compatibility 18: refuses %j before anything happens", (text, message) => {
    expect(() => parseStack(text)).toThrow(
      expect.objectContaining({
        code: "stack.invalid",
        exit: 3,
        message: expect.stringContaining(message),
        hint: expect.stringContaining("production/acme"),
      }),
    );
  });
});
