/** WaveSpeed keys that the simulator refuses, so that a refused key can be tested. */
const REFUSED_PREFIX = "bad_";

/** The key of `Authorization: Bearer <key>`; null when there is none or it is refused. */
export function keyOf(authorization: string | undefined): string | null {
  const key = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? "")?.[1];
  return key === undefined || key.startsWith(REFUSED_PREFIX) ? null : key;
}

/** An account's public name: 32 hex digits of its key's SHA-256, so that URLs do not carry the key. */
export const accountOf = async (key: string): Promise<string> => (await digest(key)).slice(0, 32);

/** The account's webhook secret. A function of the key alone, so that a test can know it beforehand. */
export const webhookSecretOf = async (key: string): Promise<string> => secretOfAccount(await accountOf(key));

export const secretOfAccount = async (account: string): Promise<string> =>
  `whsec_${(await digest(`webhook secret of ${account}`)).slice(0, 44)}`;

export const digest = async (text: string): Promise<string> =>
  hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

export const hex = (bytes: ArrayBuffer): string => new Uint8Array(bytes).toHex();
