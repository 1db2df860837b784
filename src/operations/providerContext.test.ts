import { expect, test } from "vitest";
import { Secret } from "../configuration/Secret.ts";
import type { Provider } from "../providers/Provider.ts";
import { realPorts } from "../system/realPorts.ts";
import type { OperationContext } from "./OperationContext.ts";
import { providerContext } from "./providerContext.ts";

test("what a provider's programs print is told without secrets: its own, and those of the shell", async () => {
  const own = "the-token-of-acme-4471";
  const inherited = "the-key-of-the-shell-8812";
  const lines: string[] = [];
  const ports = realPorts();
  const context = {
    workspace: { cache: "/nowhere" },
    ports: {
      ...ports,
      machine: { ...ports.machine, environment: { PATH: process.env["PATH"], ACME_SECRET_KEY: inherited } },
      emit: (event: { line?: string }) => void lines.push(event.line ?? ""),
    },
  } as unknown as OperationContext;
  const provider = { name: "acme", folder: "/acme", manifest: {} } as Provider;
  const settings = { settings: {}, secrets: { token: new Secret(own) }, unfetched: [] };
  const { host } = providerContext(provider, settings, { unattended: true, stage: undefined }, context);
  const { stdout } = await host.run("sh", ["-c", 'echo "$TOKEN and $ACME_SECRET_KEY"'], {
    environment: { TOKEN: own },
  });
  expect(stdout).toBe(`${own} and ${inherited}\n`);
  expect(lines).toEqual(["*** and ***"]);
});
