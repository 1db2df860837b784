import { expect, test } from "vitest";
import type { AppError } from "../errors.ts";
import { checkAddresses } from "./checkAddresses.ts";

const provider = { name: "acme", folder: "/tree/acme" };
const module = {
  known: ["acme_server.vm", "acme_volume.data", "acme_rule.in"],
  exact: ["acme_server.vm", "acme_volume.data[0]", 'acme_rule.in["tcp-22"]', "module.net.acme_net.a"],
};
function refused(...addresses: string[]): string[] {
  try {
    const found = addresses.map((address) => ({ address, id: "1", title: "a thing" }));
    checkAddresses(found, module, provider);
    return [];
  } catch (error) {
    expect(error).toMatchObject({
      code: "provider.behaviour",
      hint: expect.stringContaining("/tree/acme/provider.ts"),
    });
    return (error as AppError).problems.map(({ message }) => message);
  }
}

test("an address that the module does not have is refused, all of them together", () => {
  expect(refused("acme_server.server", "acme_server.vm", "acme_disk.d", "acme_server.server")).toEqual([
    "findOrphans gave the address acme_server.server, which the module does not have; it has acme_server.vm",
    expect.stringContaining("acme_disk.d, which the module does not have"),
  ]);
});

test("so is one without its key, and one with a key where there is none", () => {
  const missing = "which the module does not have; it has ";
  expect(refused("acme_volume.data")).toEqual([
    `findOrphans gave the address acme_volume.data, ${missing}acme_volume.data[0]`,
  ]);
  expect(refused("acme_server.vm[0]")).toEqual([
    `findOrphans gave the address acme_server.vm[0], ${missing}acme_server.vm`,
  ]);
});

test("what nobody asks for now, but could, is none of that; nor is what a module below holds", () => {
  expect(refused('acme_rule.in["tcp-80"]', "acme_volume.data[1]", "module.net.acme_net.b")).toEqual([]);
});
