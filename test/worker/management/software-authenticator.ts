import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import { ORIGIN } from "./browser.ts";

const sha256 = (data: Uint8Array | string): Buffer => createHash("sha256").update(data).digest();
const base64url = (data: Uint8Array): string => Buffer.from(data).toString("base64url");

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;

/** What an answer is to be like where it is not as it should be. */
export interface Wrong {
  origin?: string;
  rpId?: string;
  counter?: number;
  userHandle?: string;
  verified?: boolean;
}

/** An authenticator with one P-256 key, as a browser hands its answers on (WebAuthn level 3, `toJSON()`). */
export function softwareAuthenticator() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const id = base64url(randomBytes(16));
  let counter = 0;
  let owner = "";

  const clientData = (type: string, challenge: string, wrong: Wrong): string =>
    JSON.stringify({ type, challenge, origin: wrong.origin ?? ORIGIN, crossOrigin: false });

  const authenticatorData = (wrong: Wrong, more: number, rest: Buffer): Buffer => {
    const flags = USER_PRESENT | (wrong.verified === false ? 0 : USER_VERIFIED) | more;
    const head = Buffer.alloc(5);
    head.writeUInt8(flags, 0);
    head.writeUInt32BE(wrong.counter ?? (counter += 1), 1);
    return Buffer.concat([sha256(wrong.rpId ?? "localhost"), head, rest]);
  };

  const cose = (): Uint8Array =>
    isoCBOR.encode(
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Uint8Array.from(Buffer.from(x, "base64url"))],
        [-3, Uint8Array.from(Buffer.from(y, "base64url"))],
      ]),
    );

  const create = (options: { challenge: string; user: { id: string } }, wrong: Wrong = {}) => {
    owner = options.user.id;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(16);
    const attested = Buffer.concat([Buffer.alloc(16), length, Buffer.from(id, "base64url"), cose()]);
    const statement = new Map<string, string | Uint8Array | Map<string, string>>([
      ["fmt", "none"],
      ["attStmt", new Map()],
      ["authData", Uint8Array.from(authenticatorData(wrong, ATTESTED, attested))],
    ]);
    const response = {
      clientDataJSON: base64url(Buffer.from(clientData("webauthn.create", options.challenge, wrong))),
      attestationObject: base64url(isoCBOR.encode(statement)),
      transports: ["internal"],
    };
    return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response };
  };

  const get = (options: { challenge: string }, wrong: Wrong = {}) => {
    const client = Buffer.from(clientData("webauthn.get", options.challenge, wrong));
    const data = authenticatorData(wrong, 0, Buffer.alloc(0));
    const response = {
      clientDataJSON: base64url(client),
      authenticatorData: base64url(data),
      signature: base64url(sign("sha256", Buffer.concat([data, sha256(client)]), privateKey)),
      userHandle: wrong.userHandle ?? owner,
    };
    return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response };
  };

  return { id, create, get };
}
