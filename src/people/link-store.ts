import { and, asc, eq, getTableColumns, gt, isNull, lt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { LINK_KEPT_MS, type LinkKind, type SignInLink } from "./link-rules.ts";
import { signInLinks } from "./schema.ts";
import { hashSecret, mintSecret } from "./session-token.ts";
import type { Membership } from "./types.ts";

/** Invitations of one tenant that are open at once. */
export const INVITATIONS_MAX = 200;

export interface NewLink {
  kind: LinkKind;
  /** Null: whoever it makes. */
  person: string | null;
  /** Of an invitation. */
  email?: string;
  name?: string;
  place?: Membership;
  /** It is only mailed, and never shown. */
  provesEmail?: boolean;
  madeBy: string;
  expiresAt: number;
}

type Random = (bytes: number) => Uint8Array;

/**
 * Makes a link. Answers its code, which is not stored. A new way in for a person ends the open one that was shown before; the
 * mailed ones stay, since anybody can ask for them.
 */
export async function makeLink(
  control: D1Database,
  link: NewLink,
  now: number,
  random: Random,
): Promise<{ id: string; code: string }> {
  const code = mintSecret(random(32));
  const id = Buffer.from(random(8)).toString("hex");
  const db = drizzle(control);
  const before = and(
    eq(signInLinks.person, link.person ?? ""),
    eq(signInLinks.kind, "sign_in"),
    eq(signInLinks.provesEmail, false),
  );
  const ends = link.kind === "sign_in" && !link.provesEmail && link.person !== null;
  await db.batch([
    db.delete(signInLinks).where(lt(signInLinks.expiresAt, now - LINK_KEPT_MS)),
    db
      .update(signInLinks)
      .set({ revokedAt: now })
      .where(and(before, isOpen(now), ends ? undefined : sql`0`)),
    db.insert(signInLinks).values({
      hash: hashSecret(code, "link"),
      id,
      kind: link.kind,
      person: link.person,
      email: link.email ?? null,
      name: link.name ?? null,
      provesEmail: link.provesEmail ?? false,
      tenant: link.place?.tenant ?? null,
      role: link.place?.role ?? null,
      team: link.place?.team ?? null,
      madeBy: link.madeBy,
      createdAt: now,
      expiresAt: link.expiresAt,
    }),
  ]);
  return { id, code };
}

const isOpen = (now: number) =>
  and(isNull(signInLinks.usedAt), isNull(signInLinks.revokedAt), gt(signInLinks.expiresAt, now));

export async function findLink(control: D1Database, code: string): Promise<SignInLink | null> {
  const found = drizzle(control).select().from(signInLinks);
  const [row] = await found.where(eq(signInLinks.hash, hashSecret(code, "link")));
  return row ?? null;
}

/** `byOperator`: whoever runs the gateway made it. */
export type Invitation = SignInLink & { byOperator: boolean };

const invitationColumns = {
  ...getTableColumns(signInLinks),
  byOperator: sql`(${signInLinks.madeBy} LIKE 'operator:%' OR EXISTS (SELECT 1 FROM people AS maker
    WHERE maker.id = substr(${signInLinks.madeBy}, 8) AND maker.operator = 1))`.mapWith(Boolean),
};

/** A tenant's invitations by id, which is random: used and ended ones too, while their rows are kept. */
export async function listInvitations(
  control: D1Database,
  tenant: string,
  page: { after: string; limit: number },
): Promise<Invitation[]> {
  const ofTenant = and(
    eq(signInLinks.tenant, tenant),
    eq(signInLinks.kind, "invitation"),
    gt(signInLinks.id, page.after),
  );
  const found = drizzle(control).select(invitationColumns).from(signInLinks);
  return found.where(ofTenant).orderBy(asc(signInLinks.id)).limit(page.limit);
}

export async function findInvitation(control: D1Database, tenant: string, id: string): Promise<Invitation | null> {
  const found = drizzle(control).select(invitationColumns).from(signInLinks);
  const [row] = await found.where(and(eq(signInLinks.tenant, tenant), eq(signInLinks.id, id)));
  return row ?? null;
}

export async function countOpenInvitations(control: D1Database, tenant: string, now: number): Promise<number> {
  return drizzle(control).$count(signInLinks, and(eq(signInLinks.tenant, tenant), isOpen(now)));
}

/** Takes an open invitation back. False: there is no open one of this id. */
export async function revokeInvitation(control: D1Database, tenant: string, id: string, now: number): Promise<boolean> {
  const revoked = await drizzle(control)
    .update(signInLinks)
    .set({ revokedAt: now })
    .where(and(eq(signInLinks.tenant, tenant), eq(signInLinks.id, id), isOpen(now)))
    .returning({ id: signInLinks.id });
  return revoked.length === 1;
}
