import { z } from "zod";
import { manifestSchema } from "./manifestSchema.ts";

/** The JSON Schema of `provider.yaml`, as published in `schemas/provider.schema.json`. */
export function manifestJsonSchema(): Record<string, unknown> {
  return {
    title: "Landfall provider manifest, contract 1",
    ...z.toJSONSchema(manifestSchema, { io: "input", target: "draft-7" }),
  };
}
