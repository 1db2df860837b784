import type { Manifest } from "../../providers/Manifest.ts";

/** What is needed of a provider to find its plugin. */
export interface PluginOwner {
  name: string;
  folder: string;
  manifest: { plugin?: Pick<NonNullable<Manifest["plugin"]>, "source"> };
}

/** Where the plugin of a provider comes from. */
export interface PluginSource {
  /** `none`: it needs no plugin. `configured`: the user's own engine configuration says where. */
  kind: "none" | "configured" | "mirror" | "built" | "registry";
  /** The kind in words, with the place. */
  description: string;
  /** Where it is known: only for what was built here. */
  version?: string;
  /** Variables of the engine that make it use this source. */
  environment: Record<string, string>;
}

/** An address such as `registry.opentofu.org/acme/acme`, whole. */
export interface PluginAddress {
  host: string;
  namespace: string;
  type: string;
}

const defaultRegistry = "registry.opentofu.org";

export function parsePluginAddress(source: string): PluginAddress {
  const [type = "", namespace = "", host = defaultRegistry] = source.split("/").toReversed();
  return { host, namespace, type };
}

export function formatPluginAddress({ host, namespace, type }: PluginAddress): string {
  return `${host}/${namespace}/${type}`;
}
