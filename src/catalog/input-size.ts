import type { FieldIssue } from "../errors/catalogue.ts";
import { showValue } from "./show-value.ts";

/** Bounds that keep the checking of one input short, whatever the schema asks: it compares entries with each other. */
const VALUES_MAX = 2_000;
const DEPTH_MAX = 32;

/** Half of a pair of code units, which no text in UTF-8 can hold; the validator throws at one in a name. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** Why a body is not even looked at; null: it may be. */
export function refuseSize(body: unknown): FieldIssue | null {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return { field: "body", rule: "must be a JSON object", value: showValue(body) };
  }
  let values = 0;
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    values += level.length;
    if (values > VALUES_MAX) return { field: "body", rule: `must hold at most ${VALUES_MAX} values`, value: "more" };
    if (depth > DEPTH_MAX)
      return { field: "body", rule: `must be nested at most ${DEPTH_MAX} levels deep`, value: "deeper" };
    if (level.some(hasStrangeName))
      return { field: "body", rule: "must have names of whole characters", value: "half of one" };
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
  return null;
}

/** How many values a value is made of, itself included. */
export function countValues(value: unknown): number {
  let values = 0;
  for (let level = [value]; level.length > 0;) {
    values += level.length;
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
  return values;
}

const hasStrangeName = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).some((name) => LONE_SURROGATE.test(name));
