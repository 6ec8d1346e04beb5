import { managementKeyWorks } from "../settings/index.ts";
import { mayGrant, ROLES } from "./roles.ts";

/** Which role gives and takes which, as `mayGrant` has it. */
const GRANTS = ROLES.flatMap((own) =>
  ROLES.filter((role) => mayGrant(own, role)).map((role) => `('${own}', '${role}')`),
);

const grants = (own: string, given: string): string => `(${own}, ${given}) IN (VALUES ${GRANTS.join(", ")})`;

/** `mayGrant` for the place that an invitation gives. */
const MAY_INVITE = `kind = 'invitation' AND EXISTS (SELECT 1 FROM memberships AS own WHERE own.person = maker.id
  AND own.tenant = sign_in_links.tenant AND ${grants("own.role", "sign_in_links.role")})`;

/** `mayLetIn` for the person whom a link lets in: no operator, with places that are all the maker's to give. */
const MAY_LET_IN = `kind = 'sign_in'
  AND NOT EXISTS (SELECT 1 FROM people WHERE people.id = sign_in_links.person AND people.operator = 1)
  AND EXISTS (SELECT 1 FROM memberships AS place WHERE place.person = sign_in_links.person)
  AND NOT EXISTS (SELECT 1 FROM memberships AS place WHERE place.person = sign_in_links.person
    AND NOT EXISTS (SELECT 1 FROM memberships AS own WHERE own.person = maker.id AND own.tenant = place.tenant
      AND ${grants("own.role", "place.role")}))`;

/**
 * SQL, of a row of `sign_in_links`: whether its maker may make it still. It is asked in the statement that uses a link up, since its
 * maker may have lost the right after it was asked for, and before the link was there to be ended. What people had mailed to themselves
 * is theirs, and what a start of the gateway printed is of whoever has the machine.
 */
export const MAKER_MAY = `(made_by = 'person:' || sign_in_links.person OR made_by IN ('start', 'deploy')
  OR (made_by LIKE 'operator:%' AND ${managementKeyWorks("substr(made_by, 10)")})
  OR EXISTS (SELECT 1 FROM people AS maker WHERE made_by = 'person:' || maker.id AND maker.id = substr(made_by, 8)
    AND maker.disabled_at IS NULL AND (maker.operator = 1 OR (${MAY_INVITE}) OR (${MAY_LET_IN}))))`;
