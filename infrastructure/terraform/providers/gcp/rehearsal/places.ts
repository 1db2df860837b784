/** Regions with the letters of their zones. */
const threeZones = ["a", "b", "c"];

const others: Readonly<Record<string, readonly string[]>> = {
  "europe-west1": ["b", "c", "d"],
  "us-east1": ["b", "c", "d"],
  "us-central1": ["a", "b", "c", "f"],
};

/** As the catalog names them, with the letters of their zones. */
export function zonesOf(region: string): string[] {
  return (others[region] ?? threeZones).map((letter) => `${region}-${letter}`);
}

/** Where Arm machines are, other than everywhere in their regions. */
export function hasArm(zone: string): boolean {
  return zone !== "asia-southeast1-a" && zone !== "us-central1-c";
}
