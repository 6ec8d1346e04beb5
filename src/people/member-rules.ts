import { mayGrant, type Role } from "./roles.ts";
import type { Membership } from "./types.ts";

/** Who asks, in one tenant: the role there, or an operator. */
export type Granter = Role | "operator";

/** Whether somebody may turn one role into another (null: take it away). Both must be theirs to give. */
export const mayChangeRole = (own: Granter, from: Role, to: Role | null): boolean =>
  mayGrant(own, from) && (to === null || mayGrant(own, to));

/**
 * Whether somebody may make a link by which another person comes in: the link is that person wherever they have a place, so
 * each place must be one that the maker could have given. An operator's link is an operator's to make.
 */
export function mayLetIn(
  maker: { operator: boolean; memberships: readonly Membership[] },
  person: { operator: boolean; memberships: readonly Membership[] },
): boolean {
  if (maker.operator) return true;
  if (person.operator || person.memberships.length === 0) return false;
  return person.memberships.every(({ tenant, role }) => {
    const own = maker.memberships.find((place) => place.tenant === tenant);
    return own !== undefined && mayGrant(own.role, role);
  });
}
