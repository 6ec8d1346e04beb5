import type { Seeded } from "./seed.ts";

export interface Started extends Seeded {
  gateway: string;
  /** null: the simulator has no port. */
  simulator: string | null;
}

/** One line for programs. */
export const announceJson = ({ gateway, simulator, operatorKey, tenantKey, tenant }: Started): string =>
  `${JSON.stringify({ gateway, simulator, operatorKey, tenantKey, tenant })}\n`;

/** For people: where it is, the keys, and a call that works when pasted, and a link into the console. */
export function announceText(started: Started, upstream: string, stateDir: string, signInUrl: string): string {
  const { gateway, simulator, operatorKey, tenantKey, tenant } = started;
  return `
wavegate serves.

  Gateway        ${gateway}
  WaveSpeed      ${simulator === null ? upstream : `${simulator} (simulated: nothing is billed)`}
  Tenant         ${tenant} ("demo", budget $100.00 a month)
  Tenant key     ${tenantKey}
  Operator key   ${operatorKey}
  State          ${stateDir}
  Console        ${gateway}/console

Sign in to the console as its first operator (this link works once, for 24 hours; each start prints a new one):

  ${signInUrl}

Make a five-second video${simulator === null ? " (at WaveSpeed's price)" : ""}:

  curl -sS -X POST ${gateway}/api/v3/kwaivgi/kling-v2.0-t2v-master \\
    -H 'Authorization: Bearer ${tenantKey}' \\
    -H 'Content-Type: application/json' \\
    -d '{"prompt": "a lighthouse at dusk, slow aerial shot", "duration": "5"}'

Read the result, with the id from the answer's data.id:

  curl -sS ${gateway}/api/v3/predictions/ID/result \\
    -H 'Authorization: Bearer ${tenantKey}'

What the operator sees:

  curl -sS ${gateway}/v1/tenants/${tenant}/balance \\
    -H 'Authorization: Bearer ${operatorKey}'

`;
}
