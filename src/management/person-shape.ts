import { z } from "@hono/zod-openapi";
import type { StoredPerson } from "../people/index.ts";
import { InstantOut, toInstant, toInstantOrNull } from "./fields.ts";
import { PersonIdField } from "./person-fields.ts";

/** A person as operators see them. */
export const PersonSchema = z
  .object({
    id: PersonIdField,
    email: z.string().nullable(),
    name: z.string(),
    operator: z.boolean(),
    disabled_at: InstantOut.nullable(),
    email_proven_at: InstantOut.nullable(),
    created_at: InstantOut,
  })
  .openapi("Person");

export const toPerson = (person: StoredPerson): z.infer<typeof PersonSchema> => ({
  id: person.id,
  email: person.email,
  name: person.name,
  operator: person.operator,
  disabled_at: toInstantOrNull(person.disabledAt),
  email_proven_at: toInstantOrNull(person.provenAt),
  created_at: toInstant(person.createdAt),
});

export const PersonParams = z.object({ person: PersonIdField });

export const unknownPerson = (id: string) => ({ code: "not_found", message: `person ${id} does not exist` }) as const;
