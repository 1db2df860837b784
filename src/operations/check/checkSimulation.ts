import type { Scene } from "./runScenarios.ts";

/** Tries the simulation by itself. */
export async function checkSimulation({ stage, context, recorder, manifest }: Scene): Promise<void> {
  const untested = { untested: "there is no simulation: machines are on this computer" };
  const hint = "mend rehearsal.ts";
  await recorder.try("simulation.unsupported", async () => {
    if (stage === undefined) return untested;
    const url = `${stage.stage.origin}/landfall-asks-for/nothing`;
    const { status } = await context.ports.network.request({ url, method: "PATCH" });
    return status >= 400 ? [] : [{ message: `a call that no cloud has is answered with status ${status}`, hint }];
  });
  await recorder.try("simulation.credentials", async () => {
    if (stage === undefined) return untested;
    const url = stage.stage.origin + (manifest.endpoint?.path ?? "/");
    const { status } = await context.ports.network.request({ url });
    return [400, 401, 403].includes(status)
      ? []
      : [{ message: `a call without credentials is answered with status ${status}`, hint }];
  });
}
