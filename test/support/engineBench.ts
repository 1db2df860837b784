import { join } from "node:path";
import { Secret } from "../../src/configuration/Secret.ts";
import { createEngine, type Engine, type EngineContext } from "../../src/engine/createEngine.ts";
import { AppError } from "../../src/errors.ts";
import type { Event } from "../../src/events/Event.ts";
import type { Ports } from "../../src/ports/Ports.ts";
import { realPorts } from "../../src/system/realPorts.ts";
import { canary } from "./canary.ts";

/** The token that every engine of a bench is given as a secret. */
export const token = `hunter"2"&${canary("the bench's token", 16)}`;

/** A directory with a small module of built-in resources, and the real engine in it. */
export interface EngineBench {
  directory: string;
  /** Where plans are written. */
  plan: string;
  /** Everything that was emitted; cleared by `applied`. */
  events: Event[];
  ports: Ports;
  engine(variables?: Record<string, string | Secret>, more?: Partial<EngineContext>): Engine;
  /** Init, plan and apply. */
  applied(): Promise<void>;
  /** Resolves when a resource is being changed. */
  working(): Promise<void>;
  remove(): Promise<void>;
}

export async function makeEngineBench(program: string): Promise<EngineBench> {
  const events: Event[] = [];
  const ports = realPorts((event) => void events.push(event));
  const directory = await ports.files.temporaryDirectory("landfall-engine-");
  await ports.files.write(join(directory, "main.tf"), engineModule);
  const plan = join(directory, "plan");
  const engine: EngineBench["engine"] = (variables = {}, more = {}) =>
    createEngine(
      { program, directory, environment: { TF_VAR_token: new Secret(token), ...variables }, ...more },
      ports,
    );
  return {
    directory,
    plan,
    events,
    ports,
    engine,
    async applied() {
      await engine().init();
      await engine().plan({ out: plan });
      await engine().apply(plan);
      events.length = 0;
    },
    async working() {
      while (!events.some((event) => event.type === "resource.started" && event.action !== "refresh")) {
        await ports.clock.sleep(20);
      }
    },
    remove: () => ports.files.remove(directory),
  };
}

/** The AppError that `work` ends with. */
export async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`no AppError: ${String(error)}`);
  return error;
}

const engineModule = `variable "name" { default = "a" }
variable "token" {
  type      = string
  sensitive = true
}
variable "seconds" { default = 0 }
resource "terraform_data" "plain" { input = var.name }
resource "terraform_data" "work" {
  triggers_replace = [var.name, var.seconds]
  provisioner "local-exec" { command = "echo working; sleep \${var.seconds}; test \${var.name} != bad" }
}
output "name" { value = terraform_data.plain.output }
output "token" {
  value     = var.token
  sensitive = true
}
`;
