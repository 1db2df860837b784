import { randomBytes } from "node:crypto";
import { AppError } from "../errors.ts";
import { holdExclusively } from "../holdExclusively.ts";
import type { Ports } from "../ports/Ports.ts";
import { buildDebianImage, debianImage } from "./buildDebianImage.ts";
import { createPackages } from "./createPackages.ts";
import { createServices } from "./createServices.ts";
import { downloadChecked } from "./downloadChecked.ts";
import type { Host } from "./Host.ts";
import { readSystem } from "./readSystem.ts";
import { createRunner } from "./createRunner.ts";
import { requestPatiently } from "./requestPatiently.ts";

interface HostRequest {
  /** The provider on whose behalf things are done; the start of step names. */
  scope: string;
  /** A directory of the provider's own. */
  cache: string;
  /** Nobody will be asked. */
  unattended: boolean;
}

/** This computer, for one provider. */
export function createHost(request: HostRequest, ports: Ports): Host {
  const system = readSystem(ports);
  const { run, runAsRoot, which } = createRunner(request.unattended, ports);
  const host: Host = {
    system,
    run,
    runAsRoot,
    which,
    files: ports.files,
    packages: createPackages({ run, runAsRoot, which }),
    services: createServices({ run, runAsRoot }),
    request: (http) => requestPatiently(http, ports),
    download: (download) => downloadChecked(download, request.scope, ports),
    debianImage: (image) => debianImage(image, host),
    buildDebianImage: (image) => buildDebianImage(image, host),
    async step(title, work) {
      const step = `${request.scope}-${randomBytes(4).toString("hex")}`;
      const started = ports.clock.now();
      ports.emit({ type: "step.started", step, title });
      try {
        const result = await work();
        ports.emit({ type: "step.finished", step, title, durationMs: ports.clock.now() - started });
        return result;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        ports.emit({ type: "step.failed", step, title, durationMs: ports.clock.now() - started, message });
        throw error;
      }
    },
    notice: (level, code, message, hint) =>
      ports.emit({ type: "notice", level, code, message, ...(hint === undefined ? {} : { hint }) }),
    error: (code, sentence, hint) => new AppError(code, sentence, { hint }),
    exclusively: (name, work) => holdExclusively(request.cache, name, work, ports),
    sleep: (ms) => ports.clock.sleep(ms),
  };
  return host;
}
