import { z } from "@hono/zod-openapi";
import { parseCidr } from "../keys/ip-allow-list.ts";
import { KEY_SCOPES } from "../ledger/types.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { InstantField, LabelField, ModelField, NameField, toInstant } from "./fields.ts";
import { invalidFields } from "./problem.ts";

/** What the keys are called by which people run jobs from the console; no other key is called so. */
export const CONSOLE_NAME = "Console:";
export const isConsoleName = (name: string): boolean => name.startsWith(CONSOLE_NAME);

const MODELS_MAX = 100;
const IPS_MAX = 50;
const DEDUPE_SECONDS_MAX = 86_400;

const distinct = <T>(list: T[]): T[] => [...new Set(list)];

/** An address or a network; what it answers is its one spelling. */
const IpField = z
  .string()
  .max(64)
  .transform((text, context) => {
    const cidr = parseCidr(text);
    if (cidr.ok) return cidr.value;
    context.addIssue({ code: "custom", message: cidr.error });
    return z.NEVER;
  })
  .openapi({ type: "string", example: "203.0.113.0/24" });

/** What of a key can be given when it is made, and changed later. */
export const keyFields = {
  name: NameField.refine((name) => !isConsoleName(name), `must not begin with "${CONSOLE_NAME}": people's own keys do`),
  team: LabelField.nullable(),
  models: z
    .array(ModelField)
    .min(1)
    .max(MODELS_MAX)
    .transform(distinct)
    .nullable()
    .openapi({ description: "null: every model" }),
  scopes: z.array(z.enum(KEY_SCOPES)).min(1).max(KEY_SCOPES.length).transform(distinct).openapi({
    description: "What the key may do",
  }),
  ips: z
    .array(IpField)
    .min(1)
    .max(IPS_MAX)
    .transform(distinct)
    .nullable()
    .openapi({ description: "Addresses and networks (CIDR) that it may be used from; null: any" }),
  dedupe_window_seconds: z
    .number()
    .int()
    .min(0)
    .max(DEDUPE_SECONDS_MAX)
    .openapi({ description: "Equal submits of this key within this time are one job; 0: never" }),
  expires_at: InstantField.nullable(),
};

/** Why a key cannot end then, or null. */
export function refuseEnd(expiresAt: number | null, now: number): Refusal | null {
  if (expiresAt === null || expiresAt > now) return null;
  return invalidFields([{ field: "expires_at", rule: "must lie in the future", value: toInstant(expiresAt) }]);
}
