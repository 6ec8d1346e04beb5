import type { Role } from "./roles.ts";

/** `email` null: none is known. */
export interface Person {
  id: string;
  email: string | null;
  name: string;
  /** Runs the gateway: may do everything. */
  operator: boolean;
}

export interface Membership {
  tenant: string;
  role: Role;
  /** A member's own team; null: none. */
  team: string | null;
}

/** How a person came in. */
export type SignInMethod = "link" | "passkey" | "access";

/** Somebody who is signed in, with all places at tenants. Times are epoch ms. */
export interface Session {
  id: string;
  person: Person;
  memberships: readonly Membership[];
  method: SignInMethod;
  /** To be sent back with each change. */
  csrf: string;
  createdAt: number;
  expiresAt: number;
}
