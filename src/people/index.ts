export { LEVELS, mayAct, mayGrant, NO_TEAM, ROLES, teamSeenBy, type Level, type Role } from "./roles.ts";
export { endSession, findSession, MEMBERSHIPS_MAX, startSession, type NewSession } from "./session-store.ts";
export { csrfTokenOf, SESSION_COOKIE } from "./session-token.ts";
export type { Membership, Person, Session, SignInMethod } from "./types.ts";
