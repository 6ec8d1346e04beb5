import type { Refusal } from "../errors/catalogue.ts";
import { err } from "../errors/result.ts";

const VALUE_SHOWN_CHARS = 64;

/** Refusal of one wrong field of a query: `invalid_request` with the rule and the value, shortened. */
export function refuseField(field: string, rule: string, value: string): { ok: false; error: Refusal } {
  const issues = [{ field, rule, value: value.slice(0, VALUE_SHOWN_CHARS) }];
  return err({ code: "invalid_request", message: `${field} ${rule}`, issues });
}
