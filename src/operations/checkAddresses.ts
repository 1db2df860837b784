import { AppError } from "../errors.ts";
import type { Orphan } from "../providers/behaviour.ts";
import { closestName } from "../documents/closestName.ts";
import type { Provider } from "../providers/Provider.ts";

/**
 * Refuses what a search gave under an address that the module does not have: taken for something that nobody asks for, it would be
 * made a second time. Throws AppError `provider.behaviour` with all of them.
 *
 * @param known addresses without a key that the module has
 * @param exact addresses that the state has, or that a plan would make
 */
export function checkAddresses(
  found: readonly Orphan[],
  { known, exact }: { known: readonly string[]; exact: readonly string[] },
  { name, folder }: Pick<Provider, "name" | "folder">,
): void {
  const addresses = [...new Set(found.map(({ address }) => address))];
  const problems = addresses.flatMap((address) => {
    const base = withoutKeys(address);
    const similar = exact.filter((other) => withoutKeys(other) === base);
    // What modules below it hold, the description of a module does not say.
    const there = similar.length > 0 || base.startsWith("module.") || known.includes(base);
    if (!there) return [refusal(address, closestName(address, known))];
    const misses = similar.find((other) => (other === base) !== (address === base));
    return misses === undefined || exact.includes(address) ? [] : [refusal(address, misses)];
  });
  if (problems.length === 0) return;
  const hint = `mend findOrphans in ${folder}/provider.ts: it gives addresses inside the module, as the state has them`;
  throw new AppError("provider.behaviour", `the search of provider ${name} gave what its module does not have`, {
    hint,
    problems: problems.map((message) => ({ message, where: `${folder}/provider.ts`, hint })),
  });
}

function refusal(address: string, instead: string | undefined): string {
  return `findOrphans gave the address ${address}, which the module does not have${instead === undefined ? "" : `; it has ${instead}`}`;
}

export function withoutKeys(address: string): string {
  return address.replace(/\[("([^"\\]|\\.)*"|\d+)\]/g, "");
}
