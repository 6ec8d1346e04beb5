import type { Refusal } from "../errors/catalogue.ts";

/** What is of the tenant as a whole is not for whoever sees one team of it. */
export const WHOLE_TENANT_ALONE: Refusal = {
  code: "forbidden",
  message: "this is about the whole tenant, and you see one team of it",
};
