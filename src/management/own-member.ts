import type { Context } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import { err, type Result } from "../errors/result.ts";
import { findPersonById, mayLetIn, placesOf, type Member } from "../people/index.ts";
import { knownMember } from "./known-member.ts";
import { personOf } from "./person-of.ts";
import { isOperator, type ManagementEnv } from "./services.ts";

/** A member over whose ways in the caller has a say: whose every place is theirs to give, since those are the ways into all of them. */
export async function ownMember(
  c: Context<ManagementEnv>,
  params: { tenant: string; person: string },
): Promise<Result<Member, Refusal>> {
  const services = c.get("services");
  const known = await knownMember(services, params);
  if (!known.ok) return known;
  const [person, places] = await Promise.all([
    findPersonById(services.control, params.person),
    placesOf(services.control, params.person),
  ]);
  const asks = { operator: isOperator(c.get("principal")), memberships: personOf(c)?.memberships ?? [] };
  return person && mayLetIn(asks, { operator: person.operator, memberships: places }) ? known : err(NOT_YOURS);
}

/** The same for each reason: where else somebody has a place is not this tenant's to know. */
const NOT_YOURS: Refusal = {
  code: "forbidden",
  message: "how this person comes in is not yours to see or change: ask an operator",
};
