/**
 * The gateway's own secret, from `WAVEGATE_SECRET`: "version:hex" entries, newest last, at most two
 * ("1:ab..." or "1:ab...,2:cd..."). Two are valid at once so that the secret can be rotated.
 */
export interface GatewaySecrets {
  newest: GatewaySecret;
  previous: GatewaySecret | null;
}

export interface GatewaySecret {
  /** 1..255 */
  version: number;
  secret: string;
}

const ENTRY = /^([1-9][0-9]{0,2}):([0-9a-f]{64,128})$/;

/** Throws a message that names the rule, never the value: it is a secret. */
export function parseGatewaySecrets(text: string): GatewaySecrets {
  const entries = text.split(",").map(parseEntry);
  const newest = entries.at(-1);
  if (!newest || entries.length > 2) throw new Error("WAVEGATE_SECRET: one or two entries of version:hex");
  const previous = entries.length === 2 ? (entries[0] ?? null) : null;
  if (previous && previous.version >= newest.version) {
    throw new Error("WAVEGATE_SECRET: versions must rise, the newest last");
  }
  return { newest, previous };
}

function parseEntry(entry: string): GatewaySecret {
  const match = ENTRY.exec(entry.trim());
  const version = Number(match?.[1]);
  const secret = match?.[2];
  if (!secret || version > 255) {
    throw new Error("WAVEGATE_SECRET: each entry is version (1..255), a colon, and 64 or more hex digits");
  }
  return { version, secret };
}

export const secretOfVersion = (secrets: GatewaySecrets, version: number): string | null =>
  [secrets.newest, secrets.previous].find((s) => s?.version === version)?.secret ?? null;
