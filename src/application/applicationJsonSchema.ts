import { z } from "zod";
import { applicationSchema } from "./applicationSchema.ts";

/** The JSON Schema of `application.yaml`, as published in `schemas/application.schema.json`. */
export function applicationJsonSchema(): Record<string, unknown> {
  return {
    title: "Landfall application, version 1",
    ...z.toJSONSchema(applicationSchema, { io: "input", target: "draft-7" }),
  };
}
