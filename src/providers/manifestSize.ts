/** A larger manifest is not even read. Stands apart so that listing loads no YAML for it. */
export const mostManifestBytes = 64 * 1024;

export const manifestLimits = { kind: "a manifest", bytes: mostManifestBytes };
