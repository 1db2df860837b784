import { z } from "zod";

const date = z.string("must be a date, YYYY-MM-DD").regex(/^\d{4}-\d{2}-\d{2}$/, "must be a date, YYYY-MM-DD");
const text = z.string("must be text").min(1, "must not be empty");
const price = z.number("must be a number").nonnegative("must not be negative");

const offer = z
  .strictObject({
    name: text,
    vcpus: z.number("must be a number").positive("must be more than nothing"),
    memory: z.int("must be a whole number, MiB").positive("must be more than nothing"),
    disk: z.int("must be a whole number, GiB").positive("must be more than nothing").optional(),
    architecture: z.enum(["amd64", "arm64"], "must be amd64 or arm64"),
    monthly_price: price.optional(),
    regions: z.array(text, "must be a list").optional(),
    disk_price: price.optional(),
    retired: z.boolean("must be true or false").optional(),
    successor: text.optional(),
    date: date.optional(),
    source: text.optional(),
  })
  .refine(
    (entry) => entry.retired === true || (entry.monthly_price !== undefined && entry.regions !== undefined),
    "needs monthly_price and regions, unless it is retired",
  );

/** The shape of `catalog.json`. */
export const catalogSchema = z.strictObject({
  date,
  source: text,
  currency: z.string("must be a currency, such as EUR").regex(/^[A-Z]{3}$/, "must be a currency, such as EUR"),
  notes: text.optional(),
  disk_price: price.optional(),
  types: z.array(offer, "must be a list").min(1, "must not be empty"),
});
