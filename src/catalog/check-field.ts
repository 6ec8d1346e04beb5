import { err, ok, type Result } from "../errors/result.ts";
import { checkImage, imageRuleText } from "./image-rule.ts";
import { showValue } from "./show-value.ts";
import type { FieldSpec } from "./types.ts";

/** What a field breaks, without its name. */
export interface Broken {
  rule: string;
  value: string;
}

type Checked = Result<string | number | undefined, Broken>;
type Spec<Kind extends FieldSpec["kind"]> = Extract<FieldSpec, { kind: Kind }>;

/**
 * One field: the value to send upstream, in the page's spelling; undefined: send nothing.
 *
 * null is "not given", since workflow tools send it for a field that was left empty: the default
 * is used, an optional field is left out, and a required one is missing.
 */
export function checkField(spec: FieldSpec, value: unknown): Checked {
  const given = value === null ? undefined : value;
  switch (spec.kind) {
    case "text":
      return checkText(spec, given);
    case "image":
      return checkImageField(spec, given);
    case "number":
      return checkNumber(spec, given);
    case "choice":
      return checkChoice(spec, given);
    case "duration":
      return checkDuration(spec, given);
  }
}

/** Required text must hold more than white space; the text itself is sent as it came. */
function checkText(spec: Spec<"text">, value: unknown): Checked {
  const limit = spec.maxLength === undefined ? "" : ` of at most ${spec.maxLength} characters`;
  const required = spec.required === true;
  if (value === undefined) {
    return required ? broken(`is required: a non-empty string${limit}`, value) : ok(undefined);
  }
  const rule = `must be a ${required ? "non-empty " : ""}string${limit}`;
  if (typeof value !== "string") return broken(rule, value);
  // \S is looked for instead of trimming, which would copy a large text.
  if (required && !/\S/u.test(value)) return broken(rule, value);
  if (spec.maxLength !== undefined && isLonger(value, spec.maxLength)) return broken(rule, value);
  return ok(value);
}

/** Characters are Unicode code points, so an emoji counts once; never walks further than needed. */
function isLonger(text: string, max: number): boolean {
  if (text.length <= max) return false;
  if (text.length > 2 * max) return true;
  return Array.from(text).length > max;
}

/** An empty string in an optional image is "not given": no image has an empty address. */
function checkImageField(spec: Spec<"image">, value: unknown): Checked {
  if (spec.required !== true && (value === undefined || value === "")) return ok(undefined);
  if (value === undefined) return broken(`is required: ${imageRuleText(spec.image)}`, value);
  if (typeof value !== "string") return broken(`must be ${imageRuleText(spec.image)}`, value);
  const rule = checkImage(spec.image, value);
  return rule === null ? ok(value) : broken(rule, value);
}

/** Only a JSON number: the pages say number, and no client is known to send another spelling. */
function checkNumber(spec: Spec<"number">, value: unknown): Checked {
  if (value === undefined) return ok(spec.default);
  const inRange = typeof value === "number" && value >= spec.min && value <= spec.max;
  if (!inRange) return broken(`must be a number from ${spec.min} to ${spec.max}`, value);
  return ok(value === 0 ? 0 : value); // -0 is 0
}

function checkChoice(spec: Spec<"choice">, value: unknown): Checked {
  if (value === undefined) return ok(spec.default);
  if (typeof value === "string" && spec.choices.includes(value)) return ok(value);
  return broken(`must be ${listed(spec.choices.map((choice) => JSON.stringify(choice)))}`, value);
}

/** 5 and "5" are both taken; what is sent, and priced, is the page's spelling of it. */
function checkDuration(spec: Spec<"duration">, value: unknown): Checked {
  const seconds =
    value === undefined ? spec.default : spec.choices.find((choice) => value === choice || value === String(choice));
  if (seconds === undefined) {
    return broken(`must be ${listed(spec.choices.map(String))} (seconds)`, value);
  }
  return ok(spec.spelling === "string" ? String(seconds) : seconds);
}

function broken(rule: string, value: unknown): { ok: false; error: Broken } {
  return err({ rule, value: showValue(value) });
}

/** "5 or 10"; "a, b or c". */
function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} or ${items.at(-1)}`;
}
