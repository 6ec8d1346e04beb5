import { err, ok, type Result } from "../errors/result.ts";
import type { Role } from "./roles.ts";

/** What a link is for: docs/people.md has the table of its states. */
export const LINK_KINDS = ["first_operator", "invitation", "sign_in"] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How long each kind works; `sign_in` of somebody who was just added as long as an invitation. */
export const LINK_MS = {
  first_operator: DAY_MS,
  invitation: 7 * DAY_MS,
  sign_in: 15 * MINUTE_MS,
} as const satisfies Record<LinkKind, number>;

/** A row stays for lists this long after its end. */
export const LINK_KEPT_MS = 30 * DAY_MS;

export interface SignInLink {
  id: string;
  kind: LinkKind;
  person: string | null;
  email: string | null;
  name: string | null;
  provesEmail: boolean;
  tenant: string | null;
  role: Role | null;
  team: string | null;
  madeBy: string;
  createdAt: number;
  expiresAt: number;
  usedAt: number | null;
  revokedAt: number | null;
}

export type LinkState = "open" | "used" | "revoked" | "expired";

export function linkState(link: Pick<SignInLink, "usedAt" | "revokedAt" | "expiresAt">, now: number): LinkState {
  if (link.usedAt !== null) return "used";
  if (link.revokedAt !== null) return "revoked";
  return now < link.expiresAt ? "open" : "expired";
}

/** What is known when somebody comes with a link. `target`: its person, or the person of its e-mail; null: there is none yet. */
export interface LinkFacts {
  now: number;
  target: { id: string; disabled: boolean } | null;
  /** Who is signed in already, in the same browser. */
  signedInAs: string | null;
  /** There is an operator who can sign in. */
  operatorExists: boolean;
  /** Whoever made it may still make it. */
  makerMay: boolean;
  /** The target can take one more place, or has the one that it gives. */
  hasRoom: boolean;
}

export type LinkRefusal =
  | "unknown"
  | "used"
  | "revoked"
  | "expired"
  | "disabled"
  | "operator_exists"
  | "sign_in_first"
  | "too_many_places";

/** Whom a link lets in; `person` null: somebody whom it makes. */
export function judgeLink(link: SignInLink, facts: LinkFacts): Result<{ person: string | null }, LinkRefusal> {
  const state = linkState(link, facts.now);
  if (state !== "open") return err(state);
  if (!facts.makerMay) return err("revoked");
  const { target } = facts;
  if (target?.disabled) return err("disabled");
  if (link.kind === "first_operator") return facts.operatorExists ? err("operator_exists") : ok({ person: null });
  if (link.kind === "sign_in") return target ? ok({ person: target.id }) : err("unknown");
  // Whoever invites sees the link: for a person that there is, it is no way in.
  if (target && target.id !== facts.signedInAs) return err("sign_in_first");
  if (!facts.hasRoom) return err("too_many_places");
  return ok({ person: target?.id ?? null });
}
