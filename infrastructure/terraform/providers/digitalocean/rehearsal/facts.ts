/** Display names of the regions. */
export const regionNames: Readonly<Record<string, string>> = {
  nyc1: "New York 1",
  nyc2: "New York 2",
  nyc3: "New York 3",
  sfo2: "San Francisco 2",
  sfo3: "San Francisco 3",
  tor1: "Toronto 1",
  ams3: "Amsterdam 3",
  lon1: "London 1",
  fra1: "Frankfurt 1",
  sgp1: "Singapore 1",
  blr1: "Bangalore 1",
  syd1: "Sydney 1",
};

export const regionFeatures = ["backups", "ipv6", "metadata", "install_agent", "storage", "image_transfer"];

export interface Image {
  id: number;
  name: string;
  distribution: string;
  slug: string;
  public: boolean;
  regions: readonly string[];
  created_at: string;
  min_disk_size: number;
  type: string;
  size_gigabytes: number;
  description: string;
  tags: string[];
  status: string;
}

const distributions = [
  { slug: "ubuntu-24-04-x64", distribution: "Ubuntu", name: "24.04 (LTS) x64" },
  { slug: "ubuntu-22-04-x64", distribution: "Ubuntu", name: "22.04 (LTS) x64" },
  { slug: "debian-13-x64", distribution: "Debian", name: "13 x64" },
  { slug: "debian-12-x64", distribution: "Debian", name: "12 x64" },
  { slug: "rockylinux-9-x64", distribution: "Rocky Linux", name: "9 x64" },
  { slug: "fedora-42-x64", distribution: "Fedora", name: "42 x64" },
];

/** Ids of public images have nine digits. */
const firstImage = 247_516_813;

export function imagesOf(regions: readonly string[]): Image[] {
  return distributions.map(({ slug, distribution, name }, index) => ({
    id: firstImage + index,
    name,
    distribution,
    slug,
    public: true,
    regions,
    created_at: "2026-09-29T03:12:58Z",
    min_disk_size: 7,
    type: "base",
    size_gigabytes: 3.76,
    description: `${distribution} ${name}`,
    tags: [],
    status: "available",
  }));
}
