import { z } from "@hono/zod-openapi";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { findMember, type Member } from "../people/index.ts";
import { TenantIdField } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import { PersonIdField } from "./person-fields.ts";
import type { Services } from "./services.ts";

export const MemberParams = z.object({ tenant: TenantIdField, person: PersonIdField });

/** Somebody with a place in a tenant that there is. */
export async function knownMember(
  services: Services,
  { tenant, person }: { tenant: string; person: string },
): Promise<Result<Member, Refusal>> {
  const known = await knownTenant(services, tenant);
  if (!known.ok) return known;
  const member = await findMember(services.control, tenant, person);
  return member ? ok(member) : err(unknownMember(person));
}

export const unknownMember = (person: string): Refusal => ({
  code: "not_found",
  message: `person ${person} has no place in this tenant`,
});

/** Why a place stayed as it was. */
export const KEPT: Refusal = {
  code: "conflict",
  message: "this is the last owner who can sign in: make another one first, or ask an operator",
};
