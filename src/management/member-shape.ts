import { z } from "@hono/zod-openapi";
import type { Member } from "../people/index.ts";
import { InstantOut, toInstant } from "./fields.ts";
import { PersonIdField, RoleField } from "./person-fields.ts";

/** Somebody with a place in a tenant. */
export const MemberSchema = z
  .object({
    id: PersonIdField,
    email: z.string().nullable(),
    name: z.string(),
    role: RoleField,
    team: z.string().nullable(),
    disabled: z.boolean().openapi({ description: "An operator stopped this person: nothing of theirs works" }),
    created_at: InstantOut,
  })
  .openapi("Member");

export const toMember = ({
  id,
  email,
  name,
  role,
  team,
  disabled,
  createdAt,
}: Member): z.infer<typeof MemberSchema> => ({
  id,
  email,
  name,
  role,
  team,
  disabled,
  created_at: toInstant(createdAt),
});
