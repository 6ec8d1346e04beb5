import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { LINK_KINDS } from "./link-rules.ts";
import { SIGN_IN_WAYS } from "./refusal-rules.ts";
import { ROLES } from "./roles.ts";

/** D1 CONTROL: people, what they may do, and how they come in. Times are epoch milliseconds; secrets are stored as keyed hashes. */

export const people = sqliteTable(
  "people",
  {
    /** 16 lower-case hex digits. */
    id: text("id").primaryKey(),
    /** Lower case; null: a person without one, such as the first operator. */
    email: text("email"),
    name: text("name").notNull(),
    /** Runs the gateway: may do everything. */
    operator: integer("operator", { mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
    /** Since when nothing that the person has works; null: it does. */
    disabledAt: integer("disabled_at"),
    /** Since when the e-mail is known to be this person's; null: a tenant's invitation said so, nobody else. */
    provenAt: integer("proven_at"),
  },
  (table) => [
    uniqueIndex("people_email")
      .on(table.email)
      .where(sql`${table.email} is not null`),
  ],
);

/** A person's place in a tenant: one each. */
export const memberships = sqliteTable(
  "memberships",
  {
    tenant: text("tenant").notNull(),
    person: text("person").notNull(),
    role: text("role", { enum: ROLES }).notNull(),
    /** A member's own team; null: none. */
    team: text("team"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.person] }), index("memberships_by_person").on(table.person)],
);

/** Teams that people named; a key or a budget may name one that is not here. */
export const teams = sqliteTable(
  "teams",
  {
    tenant: text("tenant").notNull(),
    /** As keys, jobs and budgets have it. */
    name: text("name").notNull(),
    description: text("description").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.name] })],
);

/** Links that let somebody in once: an invitation, or a new way in for a person that is known. */
export const signInLinks = sqliteTable(
  "sign_in_links",
  {
    /** Of the secret in the link. */
    hash: text("hash").primaryKey(),
    /** For lists and for taking it back; says nothing of the secret. */
    id: text("id").notNull(),
    kind: text("kind", { enum: LINK_KINDS }).notNull(),
    /** Whom it lets in; null: whom it makes, until it was used. */
    person: text("person"),
    /** Of an invitation: who is invited. */
    email: text("email"),
    name: text("name"),
    /** Only ever mailed: who has it reads that e-mail. */
    provesEmail: integer("proves_email", { mode: "boolean" }).notNull(),
    /** What it gives beside: a place in this tenant; null: none. */
    tenant: text("tenant"),
    role: text("role", { enum: ROLES }),
    team: text("team"),
    /** Who made it: an actor as journals name it. */
    madeBy: text("made_by").notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    usedAt: integer("used_at"),
    /** The session that it began. */
    session: text("session"),
    revokedAt: integer("revoked_at"),
  },
  (table) => [
    uniqueIndex("sign_in_links_id").on(table.id),
    index("sign_in_links_by_tenant").on(table.tenant, table.id),
    index("sign_in_links_by_person").on(table.person),
    index("sign_in_links_by_maker").on(table.madeBy),
    index("sign_in_links_by_end").on(table.expiresAt),
  ],
);

export const passkeys = sqliteTable(
  "passkeys",
  {
    /** The credential's id, base64url. */
    id: text("id").primaryKey(),
    person: text("person").notNull(),
    /** COSE, base64url. */
    publicKey: text("public_key").notNull(),
    counter: integer("counter").notNull(),
    /** JSON list of what the browser said. */
    transports: text("transports").notNull(),
    name: text("name").notNull(),
    createdAt: integer("created_at").notNull(),
    lastUsedAt: integer("last_used_at"),
    /** From where it was registered; '': not known. */
    ip: text("ip").notNull().default(""),
    userAgent: text("user_agent").notNull().default(""),
  },
  (table) => [index("passkeys_by_person").on(table.person)],
);

/** What a passkey is to sign: used once, for minutes. */
export const challenges = sqliteTable(
  "challenges",
  {
    challenge: text("challenge").primaryKey(),
    /** Who registers one; null: somebody who signs in. */
    person: text("person"),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [index("challenges_by_end").on(table.expiresAt)],
);

export const sessions = sqliteTable(
  "sessions",
  {
    /** Of the secret in the cookie. */
    hash: text("hash").primaryKey(),
    /** For lists and for ending it. */
    id: text("id").notNull(),
    person: text("person").notNull(),
    /** How the person came in. */
    method: text("method", { enum: ["link", "passkey", "access"] }).notNull(),
    ip: text("ip").notNull(),
    userAgent: text("user_agent").notNull(),
    createdAt: integer("created_at").notNull(),
    /** Written at most every few minutes. */
    seenAt: integer("seen_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [
    uniqueIndex("sessions_id").on(table.id),
    index("sessions_by_person").on(table.person),
    index("sessions_by_end").on(table.expiresAt),
  ],
);

/** How often somebody tried to come in, by address and span of time. */
export const attempts = sqliteTable(
  "attempts",
  {
    /** What is counted, hashed. */
    subject: text("subject").notNull(),
    /** Beginning of the span. */
    since: integer("since").notNull(),
    tries: integer("tries").notNull(),
  },
  (table) => [primaryKey({ columns: [table.subject, table.since] }), index("attempts_by_age").on(table.since)],
);

/** Who was refused to come in, counted by hour and address: nobody can fill it. */
export const refusedSignIns = sqliteTable(
  "refused_sign_ins",
  {
    /** Its beginning. */
    hour: integer("hour").notNull(),
    /** The network; '': more than are told apart in one hour. */
    source: text("source").notNull(),
    /** How they tried. */
    way: text("way", { enum: SIGN_IN_WAYS }).notNull(),
    reason: text("reason").notNull(),
    tries: integer("tries").notNull(),
    lastAt: integer("last_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.hour, table.source, table.way, table.reason] })],
);
