import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { decodeAttestationObject, decodeClientDataJSON, isoBase64URL } from "@simplewebauthn/server/helpers";
import {
  addPasskey,
  findPasskey,
  keepChallenge,
  listPasskeys,
  takeChallenge,
  usePasskey,
  type StoredPasskey,
} from "./passkey-store.ts";
import { findPersonById } from "./person-store.ts";
import type { RelyingParty } from "./relying-party.ts";
import type { Person } from "./types.ts";

/** ES256, EdDSA, RS256. */
const ALGORITHMS = [-7, -8, -257];

/** What the browser is to ask of an authenticator that will be a person's. */
export async function registrationOptions(control: D1Database, person: Person, party: RelyingParty, now: number) {
  const known = await listPasskeys(control, person.id);
  const options = await generateRegistrationOptions({
    rpName: "wavegate",
    rpID: party.id,
    userName: person.email ?? person.name,
    userDisplayName: person.name,
    userID: Uint8Array.from(Buffer.from(person.id)),
    attestationType: "none",
    excludeCredentials: known.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    supportedAlgorithmIDs: ALGORITHMS,
  });
  await keepChallenge(control, options.challenge, person.id, now);
  return options;
}

export interface NewPasskey {
  person: string;
  /** That registers it. */
  session: string;
  name: string;
  response: RegistrationResponseJSON;
  party: RelyingParty;
  from: { ip: string; userAgent: string };
}

/** The key that a person's authenticator made; `not_proved`: what was sent does not prove it, or its challenge is over. */
export async function register(
  control: D1Database,
  asked: NewPasskey,
  now: number,
): Promise<StoredPasskey | "not_proved" | "not_added"> {
  const { person, session, name, response, party, from } = asked;
  const challenge = challengeIn(response.response.clientDataJSON);
  if (challenge === null || !(await takeChallenge(control, challenge, person, now))) return "not_proved";
  const registered = await orNull(async () => {
    const { attestationObject } = response.response;
    const statement = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject)).get("attStmt");
    // None was asked for; certificates would have their revocation lists fetched from wherever they say.
    if (statement.get("x5c") !== undefined) return null;
    const expected = { expectedChallenge: challenge, expectedOrigin: party.origin, expectedRPID: party.id };
    return verifyRegistrationResponse({ response, ...expected, supportedAlgorithmIDs: ALGORITHMS });
  });
  if (!registered?.verified) return "not_proved";
  const { id, publicKey, counter, transports = [] } = registered.registrationInfo.credential;
  const key = {
    id,
    person,
    publicKey: Buffer.from(publicKey).toString("base64url"),
    counter,
    transports: JSON.stringify(transports.slice(0, 10)),
    name,
    createdAt: now,
    ...from,
  };
  return (await addPasskey(control, key, session)) ? { ...key, lastUsedAt: null } : "not_added";
}

/** What the browser is to have signed by whoever signs in: any key of this gateway, so that nothing is told of anybody. */
export async function authenticationOptions(control: D1Database, party: RelyingParty, now: number) {
  const options = await generateAuthenticationOptions({ rpID: party.id, userVerification: "required" });
  await keepChallenge(control, options.challenge, null, now);
  return options;
}

/** Which key signed, and whose it is; null: nobody's who may sign in, whatever is the reason. */
export async function authenticate(
  control: D1Database,
  response: AuthenticationResponseJSON,
  party: RelyingParty,
  now: number,
): Promise<{ person: string; passkey: string } | null> {
  const challenge = challengeIn(response.response.clientDataJSON);
  if (challenge === null || !(await takeChallenge(control, challenge, null, now))) return null;
  const key = await findPasskey(control, response.id);
  if (!key || !isOwn(key.person, response.response.userHandle)) return null;
  const { id, counter } = key;
  const publicKey = Uint8Array.from(Buffer.from(key.publicKey, "base64url"));
  const expected = { expectedChallenge: challenge, expectedOrigin: party.origin, expectedRPID: party.id };
  const verified = await orNull(() =>
    verifyAuthenticationResponse({ response, ...expected, credential: { id, publicKey, counter } }),
  );
  if (!verified?.verified) return null;
  const person = await findPersonById(control, key.person);
  if (!person || person.disabledAt !== null) return null;
  const isUsed = await usePasskey(control, key, verified.authenticationInfo.newCounter, now);
  return isUsed ? { person: person.id, passkey: key.id } : null;
}

/** The authenticator says whose it believes the key to be; it must not be another's. */
const isOwn = (person: string, userHandle: string | undefined): boolean =>
  userHandle === undefined || Buffer.from(userHandle, "base64url").toString() === person;

function challengeIn(clientDataJSON: string): string | null {
  try {
    const { challenge } = decodeClientDataJSON(clientDataJSON);
    return typeof challenge === "string" && /^[\w-]{1,200}$/.test(challenge) ? challenge : null;
  } catch {
    return null;
  }
}

/** The library throws at whatever is wrong in what was sent. */
async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch {
    return null;
  }
}
