/** What a provider sells: `catalog.json` in its folder. */
export interface Catalog {
  /** When the source was read: YYYY-MM-DD. */
  date: string;
  /** Where the figures come from. */
  source: string;
  /** ISO 4217, such as EUR. */
  currency: string;
  /** What prices contain. */
  notes?: string;
  /** A month of one GiB of root disk, where types come without one. */
  disk_price?: number;
  types: Offer[];
}

/** One type at one price. A type whose price differs between regions appears several times. */
export interface Offer {
  name: string;
  vcpus: number;
  /** MiB */
  memory: number;
  /** GiB; absent where the root disk is as large as asked for. */
  disk?: number;
  architecture: "amd64" | "arm64";
  /** Without the root disk, where `disk_price` is given. Absent for retired types. */
  monthly_price?: number;
  regions?: string[];
  /** Cannot be ordered any more. */
  retired?: boolean;
  successor?: string;
  /** Where it differs from the catalog's own. */
  disk_price?: number;
  /** Of this entry, where they differ from the catalog's own. */
  date?: string;
  source?: string;
}

/** What a machine has to have at least. */
export interface MachineNeed {
  /** MiB */
  memory: number;
  vcpus: number;
  /** GiB */
  disk: number;
  architecture: "amd64" | "arm64";
  region: string;
}

export interface Choice {
  offer: Offer;
  /** With the root disk. */
  monthlyPrice: number;
  currency: string;
  /** Of the price. */
  date: string;
}
