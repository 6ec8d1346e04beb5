/** A job id: 32 lower-case hex digits, namely tenant 12, shard 4, random 16. */
export interface JobAddress {
  tenant: string;
  shard: number;
}

const FORM = /^([0-9a-f]{12})([0-9a-f]{4})[0-9a-f]{16}$/;

/** `random`: 16 hex digits. */
export const makeJobId = (address: JobAddress, random: string): string =>
  address.tenant + address.shard.toString(16).padStart(4, "0") + random;

export function parseJobId(id: string): JobAddress | null {
  const match = FORM.exec(id);
  return match?.[1] && match[2] ? { tenant: match[1], shard: Number.parseInt(match[2], 16) } : null;
}

/** The name of the tracker object that follows a tenant's jobs of this shard. */
export const trackerName = (address: JobAddress): string => `${address.tenant}:${address.shard}`;
