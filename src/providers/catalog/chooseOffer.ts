import type { Catalog, Choice, MachineNeed, Offer } from "./Catalog.ts";

/** The cheapest type that can be ordered and is large enough; of two at one price, the larger. Undefined where there is none. */
export function chooseOffer(catalog: Catalog, need: MachineNeed): Choice | undefined {
  const fitting = catalog.types
    .filter((offer) => isOrderable(offer, need.region) && offer.architecture === need.architecture)
    .filter(
      ({ memory, vcpus, disk }) => memory >= need.memory && vcpus >= need.vcpus && (disk ?? need.disk) >= need.disk,
    )
    .map((offer) => priced(offer, catalog, need));
  fitting.sort(
    (a, b) =>
      a.monthlyPrice - b.monthlyPrice ||
      b.offer.memory - a.offer.memory ||
      b.offer.vcpus - a.offer.vcpus ||
      (a.offer.name < b.offer.name ? -1 : 1),
  );
  return fitting[0];
}

/** A type by name, at the price of a region; undefined where the catalog does not offer it there. */
export function findOffer(catalog: Catalog, name: string, need: MachineNeed): Choice | undefined {
  const offer = catalog.types.find((candidate) => candidate.name === name && isOrderable(candidate, need.region));
  return offer === undefined ? undefined : priced(offer, catalog, need);
}

function isOrderable({ retired, regions }: Offer, region: string): boolean {
  return retired !== true && regions?.includes(region) === true;
}

function priced(offer: Offer, catalog: Catalog, { disk }: MachineNeed): Choice {
  const forDisk = offer.disk === undefined ? (offer.disk_price ?? catalog.disk_price ?? 0) * disk : 0;
  return {
    offer,
    monthlyPrice: Math.round(((offer.monthly_price ?? 0) + forDisk) * 100) / 100,
    currency: catalog.currency,
    date: offer.date ?? catalog.date,
  };
}
