export { endMadeBy } from "./end-ways-in.ts";
export { networkOf, TRIES_MAX } from "./attempt-rules.ts";
export { countAttempt } from "./attempt-store.ts";
export { LINK_MS, linkState, type LinkRefusal, type SignInLink } from "./link-rules.ts";
export {
  countOpenInvitations,
  findInvitation,
  type Invitation,
  INVITATIONS_MAX,
  listInvitations,
  makeLink,
  revokeInvitation,
} from "./link-store.ts";
export { dropMailedLink, makeMailedLink } from "./mailed-link.ts";
export { mayChangeRole, mayLetIn, type Granter } from "./member-rules.ts";
export { changePlace, findMember, isMemberEmail, listMembers, type Member } from "./member-store.ts";
export {
  addPerson,
  changePerson,
  findPersonByEmail,
  findPersonById,
  listPeople,
  placesOf,
  type StoredPerson,
} from "./person-store.ts";
export { consoleOrigin, relyingParty, signInUrl, type RelyingParty } from "./relying-party.ts";
export { LEVELS, mayAct, mayGrant, NO_TEAM, ROLES, teamSeenBy, type Level, type Role } from "./roles.ts";
export {
  endSession,
  findSession,
  listSessions,
  MEMBERSHIPS_MAX,
  startSession,
  USER_AGENT_CHARS_MAX,
  type NewSession,
  type StoredSession,
} from "./session-store.ts";
export { REFUSAL_ROWS_MAX, REFUSAL_TRIES_MAX, SIGN_IN_WAYS, type SignInWay } from "./refusal-rules.ts";
export { countRefusal, listRefusals, type RefusalPlace } from "./refusal-store.ts";
export { FRESH_MS, isFresh } from "./fresh-rules.ts";
export { signOut, type SignedOut } from "./sign-out.ts";
export { sessionLookup, type SessionLookup } from "./session-lookup.ts";
export { csrfTokenOf, SESSION_COOKIE } from "./session-token.ts";
export { deleteTeam, listTeams, TEAMS_MAX, writeTeam, type StoredTeam } from "./team-store.ts";
export type { Membership, Person, Session, SignInMethod } from "./types.ts";
export { useLink } from "./use-link.ts";
export { emailOfAccess } from "./access-token.ts";
export { deletePasskey, listPasskeys, PASSKEYS_MAX, type StoredPasskey } from "./passkey-store.ts";
export { proveEmail } from "./prove-email.ts";
