import { z } from "@hono/zod-openapi";
import { ROLES, type Role } from "../people/index.ts";
import { LabelField } from "./fields.ts";

/** Fields of people that several operations share. */

/** Lower case in storage and answers: two spellings are one person. */
export const EmailField = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email("must be an e-mail address"))
  .openapi({ type: "string", example: "mia@example.com" });

const PERSON_ID = /^[0-9a-f]{16}$/;

export const PersonIdField = z.string().regex(PERSON_ID, "must be 16 lower-case hex digits").openapi({
  example: "0c7e5b1a93d24f68",
});

export const RoleField = z.enum(ROLES).openapi({ example: "member" });

export const TeamOfMemberField = LabelField.nullable().openapi({
  description: "A member's own team, which is all that they see; for other roles null",
});

export const TEAM_RULE = "is for members only: the other roles see the whole tenant";

export const fitsRole = (role: Role, team: string | null): boolean => role === "member" || team === null;

/** A link that lets somebody in, once. */
export const linkFields = {
  url: z
    .string()
    .openapi({ description: "The link, shown this once", example: "https://gateway.example/console/sign-in?code=..." }),
};
