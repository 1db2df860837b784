import type { Secret } from "../configuration/Secret.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { Stage } from "./OperationContext.ts";
import type { PreparedComputer } from "./prepareComputer.ts";

/** Nothing listens there: a plugin that calls anything but the simulation fails at once. */
const nowhere = "http://127.0.0.1:9";

/**
 * What the engine and its plugin see of settings and of the user's environment. In a rehearsal: the simulation as the
 * plugin's endpoint, samples instead of the user's own chain of credentials, and no way out to anywhere else.
 */
export function pluginEnvironment(
  { provider, configuration }: Pick<LoadedStack, "provider" | "configuration">,
  { plugin }: Pick<PreparedComputer, "plugin">,
  stage: Stage | undefined,
): { environment: Record<string, string | Secret>; passThrough: readonly string[] } {
  const { endpoint, plugin: declared } = provider.manifest;
  const own = { ...configuration.pluginEnvironment, ...plugin.environment };
  if (stage === undefined) return { environment: own, passThrough: declared?.environment ?? [] };
  if (stage.origin === undefined || endpoint === undefined) return { environment: own, passThrough: [] };
  const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]);
  return {
    environment: {
      ...own,
      ...Object.fromEntries(proxies.map((name) => [name, nowhere])),
      NO_PROXY: "127.0.0.1,localhost",
      no_proxy: "127.0.0.1,localhost",
      ...stage.environment,
      [endpoint.environment]: stage.origin + (endpoint.path ?? ""),
    },
    passThrough: [],
  };
}
