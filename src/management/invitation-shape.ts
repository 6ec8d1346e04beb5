import { z } from "@hono/zod-openapi";
import { linkState, type Invitation } from "../people/index.ts";
import { InstantOut, toInstant, toInstantOrNull } from "./fields.ts";
import { PersonIdField, RoleField } from "./person-fields.ts";

/** An invitation, without its link. */
export const InvitationSchema = z
  .object({
    id: PersonIdField,
    email: z.string(),
    name: z.string(),
    role: RoleField,
    team: z.string().nullable(),
    state: z.enum(["open", "used", "revoked", "expired"]),
    made_by: z.string().openapi({
      example: "person:0c7e5b1a93d24f68",
      description: "operator: whoever runs the gateway; who of them is in the audit log, for operators",
    }),
    created_at: InstantOut,
    expires_at: InstantOut,
    used_at: InstantOut.nullable(),
  })
  .openapi("Invitation");

export function toInvitation(link: Invitation, now: number): z.infer<typeof InvitationSchema> {
  if (link.role === null) throw new Error("an invitation without a role");
  return {
    id: link.id,
    email: link.email ?? "",
    name: link.name ?? "",
    role: link.role,
    team: link.team,
    state: linkState(link, now),
    made_by: link.byOperator ? "operator" : link.madeBy,
    created_at: toInstant(link.createdAt),
    expires_at: toInstant(link.expiresAt),
    used_at: toInstantOrNull(link.usedAt),
  };
}
