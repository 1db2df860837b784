import { buildApplication, buildRouteMap, text_en, type Application } from "@stricli/core";
import landfall from "../../package.json" with { type: "json" };
import { exitCodes } from "../exitCodes.ts";
import type { CliContext } from "./CliContext.ts";
import { app as application } from "./commands/app.ts";
import { apply } from "./commands/apply.ts";
import { attach } from "./commands/attach.ts";
import { compare } from "./commands/compare.ts";
import { config } from "./commands/config.ts";
import { configure } from "./commands/configure.ts";
import { deploy } from "./commands/deploy.ts";
import { destroy } from "./commands/destroy.ts";
import { doctor } from "./commands/doctor.ts";
import { environment } from "./commands/environment.ts";
import { environments } from "./commands/environments.ts";
import { init } from "./commands/init.ts";
import { migrate } from "./commands/migrate.ts";
import { output } from "./commands/output.ts";
import { plan } from "./commands/plan.ts";
import { provider } from "./commands/provider.ts";
import { providers } from "./commands/providers.ts";
import { recover } from "./commands/recover.ts";
import { refresh } from "./commands/refresh.ts";
import { rehearse } from "./commands/rehearse.ts";
import { runs } from "./commands/runs.ts";
import { setup } from "./commands/setup.ts";
import { simulate } from "./commands/simulate.ts";
import { ssh } from "./commands/ssh.ts";
import { state } from "./commands/state.ts";
import { status } from "./commands/status.ts";
import { tofu } from "./commands/tofu.ts";
import { unlock } from "./commands/unlock.ts";

/** The command tree. Each command loads its operation only when it runs. */
export function app(onError: (error: unknown) => void): Application<CliContext> {
  const routes = buildRouteMap({
    routes: {
      apply,
      plan,
      init,
      destroy,
      status,
      attach,
      recover,
      runs,
      refresh,
      output,
      ssh,
      deploy,
      app: application,
      providers,
      provider,
      environments,
      environment,
      compare,
      configure,
      config,
      state,
      unlock,
      migrate,
      doctor,
      setup,
      tofu,
      rehearse,
      simulate,
    },
    docs: {
      brief: "Runs any environment on any provider",
      fullDescription: "Runs any environment on any provider. A stack is written ENVIRONMENT/PROVIDER.",
    },
  });
  return buildApplication(routes, {
    name: "landfall",
    versionInfo: { currentVersion: landfall.version },
    scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
    documentation: { disableAnsiColor: true },
    localization: {
      loadText: () => ({
        ...text_en,
        exceptionWhileRunningCommand: remember,
        exceptionWhileLoadingCommandFunction: remember,
        exceptionWhileLoadingCommandContext: remember,
      }),
    },
    determineExitCode: () => exitCodes.failed,
  });

  function remember(error: unknown): string {
    onError(error);
    return "";
  }
}
