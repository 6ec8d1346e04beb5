/**
 * One JSON line per event. Anything that looks like a key or a secret is cut out, whatever field
 * it came in: logs are read by people who must not be able to spend.
 */
type Facts = Record<string, unknown>;

const SECRETS = /(wg_(?:live|test|mgmt)_|whsec_|wsk_|Bearer\s+|sim_)[A-Za-z0-9_\-+/=.]+/g;

/** WaveSpeed's older keys are bare hex of this length. Our own ids are 32. */
const BARE_KEYS = /\b[0-9a-f]{40,}\b/gi;

const TEXT_MAX = 2_000;

const line = (level: string, message: string, facts: Facts): string =>
  JSON.stringify({ level, message, ...facts }, (_name, value: unknown) => {
    if (value instanceof Error) return redact(`${value.name}: ${value.message}`);
    return typeof value === "string" ? redact(value) : value;
  });

export const redact = (text: string): string =>
  text.slice(0, TEXT_MAX).replace(SECRETS, "$1[redacted]").replace(BARE_KEYS, "[redacted]");

export const log = {
  info: (message: string, facts: Facts = {}): void => console.log(line("info", message, facts)),
  warn: (message: string, facts: Facts = {}): void => console.warn(line("warn", message, facts)),
  error: (message: string, facts: Facts = {}): void => console.error(line("error", message, facts)),
};
