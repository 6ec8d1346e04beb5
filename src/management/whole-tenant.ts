import type { Refusal } from "../errors/catalogue.ts";

/** What is of the tenant as a whole is not for whoever sees one team of it. */
export const WHOLE_TENANT_ALONE: Refusal = {
  code: "not_found",
  message: "this is told of a whole tenant, and there is none of it for one team",
};
