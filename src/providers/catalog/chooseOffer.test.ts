import { describe, expect, it } from "vitest";
import type { Catalog, MachineNeed } from "./Catalog.ts";
import { chooseOffer, findOffer } from "./chooseOffer.ts";

const offer = { vcpus: 2, memory: 4096, disk: 40, architecture: "amd64" as const, regions: ["north"] };
const catalog: Catalog = {
  date: "2026-01-02",
  source: "https://acme.example/prices",
  currency: "EUR",
  types: [
    { ...offer, name: "small", monthly_price: 4 },
    { ...offer, name: "small", monthly_price: 5, regions: ["south"] },
    { ...offer, name: "arm", monthly_price: 1, architecture: "arm64" },
    { ...offer, name: "old", retired: true, successor: "small" },
    { ...offer, name: "wide", vcpus: 4, monthly_price: 6, date: "2025-01-01" },
    { ...offer, name: "wider", vcpus: 4, memory: 8192, monthly_price: 6 },
  ],
};
const need: MachineNeed = { memory: 2048, vcpus: 2, disk: 20, architecture: "amd64", region: "north" };
const chosen = (change: Partial<MachineNeed>): string | undefined =>
  chooseOffer(catalog, { ...need, ...change })?.offer.name;

describe("chooseOffer", () => {
  it("takes the cheapest that is large enough", () => {
    expect(chosen({})).toBe("small");
    expect(chosen({ architecture: "arm64" })).toBe("arm");
    expect(chosen({ vcpus: 3, memory: 5000 })).toBe("wider");
  });
  it("takes the larger of two at one price", () => {
    expect(chosen({ vcpus: 4 })).toBe("wider");
  });
  it("takes the price of the region", () => {
    expect(chooseOffer(catalog, { ...need, region: "south" })).toMatchObject({ monthlyPrice: 5, currency: "EUR" });
  });
  it("gives nothing where nothing fits", () => {
    expect(chosen({ memory: 9000 })).toBeUndefined();
    expect(chosen({ disk: 41 })).toBeUndefined();
    expect(chosen({ region: "west" })).toBeUndefined();
  });
  it("adds the disk where types come without one", () => {
    const bare = { ...catalog, disk_price: 0.1, types: [{ ...offer, name: "bare", monthly_price: 10 }] };
    for (const type of bare.types) delete (type as { disk?: number }).disk;
    expect(chooseOffer(bare, { ...need, disk: 500 })?.monthlyPrice).toBe(60);
  });
});

describe("findOffer", () => {
  it("knows the date of its price", () => {
    expect(findOffer(catalog, "wide", need)?.date).toBe("2025-01-01");
    expect(findOffer(catalog, "small", need)?.date).toBe("2026-01-02");
  });
  it("does not know what cannot be ordered there", () => {
    expect(findOffer(catalog, "old", need)).toBeUndefined();
    expect(findOffer(catalog, "wide", { ...need, region: "south" })).toBeUndefined();
  });
});
