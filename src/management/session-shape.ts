import { z } from "@hono/zod-openapi";
import type { Session, StoredSession } from "../people/index.ts";
import { tenantNames } from "../settings/index.ts";
import { InstantOut, TenantIdField, toInstant } from "./fields.ts";
import { PersonIdField, RoleField } from "./person-fields.ts";

const MethodOut = z.enum(["link", "passkey", "access"]).openapi({ description: "How the person came in" });

/** Who is signed in, and where they have a place. */
export const SessionSchema = z
  .object({
    person: z.object({
      id: PersonIdField,
      email: z.string().nullable(),
      name: z.string(),
      operator: z.boolean().openapi({ description: "Runs the gateway: may do everything" }),
    }),
    memberships: z.array(
      z.object({ tenant: TenantIdField, tenant_name: z.string(), role: RoleField, team: z.string().nullable() }),
    ),
    csrf: z.string().openapi({ description: "To be sent as x-wavegate-csrf with every call but GET" }),
    method: MethodOut,
    expires_at: InstantOut,
  })
  .openapi("Session");

export async function toSession(control: D1Database, session: Session): Promise<z.infer<typeof SessionSchema>> {
  const names = await tenantNames(
    control,
    session.memberships.map(({ tenant }) => tenant),
  );
  const { id, email, name, operator } = session.person;
  return {
    person: { id, email, name, operator },
    memberships: session.memberships.map(({ tenant, role, team }) => ({
      tenant,
      tenant_name: names.get(tenant) ?? tenant,
      role,
      team,
    })),
    csrf: session.csrf,
    method: session.method,
    expires_at: toInstant(session.expiresAt),
  };
}

/** One of the own sessions, in a list. */
export const ListedSessionSchema = z
  .object({
    id: PersonIdField,
    current: z.boolean(),
    method: MethodOut,
    ip: z.string(),
    user_agent: z.string(),
    created_at: InstantOut,
    seen_at: InstantOut,
    expires_at: InstantOut,
  })
  .openapi("ListedSession");

export const ListedSessionsSchema = z.object({ data: z.array(ListedSessionSchema), next_cursor: z.null() });

export const toListedSession = (row: StoredSession, current: string): z.infer<typeof ListedSessionSchema> => ({
  id: row.id,
  current: row.id === current,
  method: row.method,
  ip: row.ip,
  user_agent: row.userAgent,
  created_at: toInstant(row.createdAt),
  seen_at: toInstant(row.seenAt),
  expires_at: toInstant(row.expiresAt),
});
