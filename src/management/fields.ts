import { z } from "@hono/zod-openapi";
import { isTimeZone } from "../ledger/windows.ts";

/** Fields that several operations share, each with the rule that its error states. */

// Nor what turns the direction of writing: a name must not read as another one.
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

export const NameField = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((name) => !UNSEEN.test(name), "must be one line, without control characters")
  .openapi({ example: "Acme Studios" });

export const TimeZoneField = z
  .string()
  .max(64)
  .refine((zone) => /^[A-Za-z]/.test(zone) && isTimeZone(zone), "must be an IANA time zone such as Europe/Berlin")
  .openapi({ example: "Europe/Berlin" });

const SLUG = /^[a-z0-9_-]{1,64}$/;

/** The part of a path that names what a PUT makes. */
export const SlugField = z.string().regex(SLUG, "must be 1 to 64 characters of a-z, 0-9, _ and -");

// Never "=" or a control character: ledgers build names of scopes from these.
const LABEL = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u;

/** What people call a team. */
export const LabelField = z
  .string()
  .regex(LABEL, "must be 1 to 64 letters, digits, spaces, dots, _ and -, the first a letter or digit")
  // Its generator would write the flag into the pattern, which then fits no team at all.
  .openapi({ example: "marketing", pattern: LABEL.source });

export const ModeField = z.enum(["live", "test"]);

const MODEL_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9][A-Za-z0-9_.-]*){1,3}$/;

export const MODEL_RULE = "must be a model of the catalogue, e.g. kwaivgi/kling-v2.1-i2v-master";

/** Its shape alone: whether there is such a model is D1's to say (`refuseUnknownModels`). */
export const ModelField = z
  .string()
  .max(200)
  .regex(MODEL_ID, MODEL_RULE)
  .openapi({ example: "kwaivgi/kling-v2.1-i2v-master" });

/** RFC 3339 with an offset. */
export const InstantField = z.iso
  .datetime({ offset: true, error: "must be a date and time with an offset, e.g. 2026-12-01T00:00:00Z" })
  .openapi({ example: "2026-12-01T00:00:00Z" });

export const AmountField = z
  .string({ error: 'must be a decimal string, e.g. "13.00"' })
  .max(40)
  .openapi({ example: "13.00", description: "USD, at most six decimals" });

/** In answers: USD with exactly six decimals. */
export const AmountOut = z.string().openapi({ example: "1.300000" });

export const InstantOut = z.string().openapi({ format: "date-time", example: "2026-12-01T00:00:00.000Z" });

/** Epoch milliseconds as answers show them. */
export const toInstant = (at: number): string => new Date(at).toISOString();

export const toInstantOrNull = (at: number | null): string | null => (at === null ? null : toInstant(at));

const TENANT_ID = /^[0-9a-f]{12}$/;
const KEY_ID = /^[0-9a-f]{16}$/;

export const TenantIdField = z.string().regex(TENANT_ID, "must be 12 lower-case hex digits").openapi({
  example: "5f3a9c0b17de",
});

export const KeyIdField = z.string().regex(KEY_ID, "must be 16 lower-case hex digits").openapi({
  example: "9b1c22f04ad85e67",
});

/** Why somebody did something: kept, and shown to whom it concerns. */
export const ReasonField = z.string().trim().min(1).max(300).openapi({ example: "invoice 2026-117" });

export const TenantParams = z.object({ tenant: TenantIdField });
