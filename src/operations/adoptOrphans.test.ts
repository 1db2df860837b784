import { expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { adoptOrphans } from "./adoptOrphans.ts";
import type { OpenStack } from "./openStack.ts";
import type { RunContext } from "./withRun.ts";

const key = { address: "cloud_key.login", id: "key-1", title: "key pair key-1" };

/** A provider whose search names a key that the engine then cannot import, for `reason`. */
async function adopt(reason: string): Promise<{ adopted: readonly unknown[]; told: (string | undefined)[] }> {
  const told: (string | undefined)[] = [];
  const planned = { address: `module.provider.${key.address}`, change: { actions: ["create"] } };
  const open = {
    paths: { plan: "/nowhere/plan" },
    provider: { name: "cloud", folder: "/cloud" },
    engine: {
      statePull: async () => undefined,
      moduleDescription: async () => ({ root_module: { resources: [{ mode: "managed", address: key.address }] } }),
      plan: async () => ({ changes: true }),
      showPlan: async () => ({ resource_changes: [planned] }),
      import: async () => {
        throw new AppError("engine.failed", "the engine failed", { hint: "", problems: [{ message: reason }] });
      },
    },
  } as unknown as OpenStack;
  const run = {
    ports: { emit: ({ code }: { code?: string }) => told.push(code), files: { remove: async () => undefined } },
  } as unknown as RunContext;
  const { adopted } = await adoptOrphans(open, { findOrphans: async () => [key] }, run);
  return { adopted, told };
}

test("what is listed and does not exist is told of and made anew, and nothing is said to be taken over", async () => {
  expect(await adopt("Cannot import non-existent remote object")).toEqual({ adopted: [], told: ["orphan.absent"] });
});

test("another reason why an import fails ends the run", async () => {
  await expect(adopt("access denied")).rejects.toMatchObject({ code: "engine.failed" });
});
