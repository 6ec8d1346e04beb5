import type { Context } from "hono";
import type { ConsoleEnv } from "../../console-env.ts";
import { tenantPath } from "../../navigation.ts";
import { Page } from "../../view/page.tsx";
import { Badge, Notice, Secret, Time } from "../../view/parts.tsx";
import type { Key } from "./key-form.tsx";

/** A key's state in one word. */
export const KeyState = ({ of }: { of: Key }) => {
  if (of.revoked_at !== null) return <Badge tone="bad">revoked</Badge>;
  if (of.expires_at !== null && Date.parse(of.expires_at) <= Date.now()) return <Badge tone="warn">expired</Badge>;
  if (of.disabled_at !== null) return <Badge tone="warn">disabled</Badge>;
  return <Badge tone="good">active</Badge>;
};

/** So much of a tenant's keys is the same: `wg_live_`, the secret's version and the tenant. */
const SHARED_CHARS = 17;

/** How a key begins, with what tells it from the tenant's other keys set apart. */
export const KeyStart = ({ prefix }: { prefix: string }) => (
  <code class="nowrap">
    <span class="muted">{prefix.slice(0, SHARED_CHARS)}</span>
    {prefix.slice(SHARED_CHARS)}…
  </code>
);

/** Secrets from before a rotation, with the end of each; a key that was revoked has none that works. */
export const OldSecrets = ({ of }: { of: Key }) =>
  of.old_secrets.length === 0 || of.revoked_at !== null ? (
    <span class="muted">none</span>
  ) : (
    <ul>
      {of.old_secrets.map(({ expires_at }) => (
        <li>
          One works until <Time at={expires_at} />
        </li>
      ))}
    </ul>
  );

const EXAMPLE = "kwaivgi/kling-v2.0-t2v-master";

const curlWith = (gateway: string, { key, models }: Shown): string =>
  [
    `curl -sS -X POST ${gateway}/api/v3/${models?.[0] ?? EXAMPLE} \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '{"prompt": "a lighthouse at dusk, slow aerial shot", "duration": "5"}'`,
  ].join("\n");

type Shown = Key & { key: string };

/** The answer to making or rotating a key: its secret, this once. */
export const ShownKey = ({ c, tenant, made }: { c: Context<ConsoleEnv>; tenant: string; made: Shown }) => (
  <Page c={c} title={`Key ${made.name}`} lead="Copy it now: it is not kept, and not shown again.">
    <article>
      <Secret id="new-key" label="The key" value={made.key} />
      {made.old_secrets.length > 0 && (
        <Notice tone="warn">
          <p>Before it:</p>
          <OldSecrets of={made} />
        </Notice>
      )}
      <h2>Try it</h2>
      <pre class="scroll" tabindex={0}>
        <code id="key-curl">{curlWith(new URL(c.req.url).origin, made)}</code>
      </pre>
      <button type="button" class="quiet small" data-copy="key-curl">
        Copy
      </button>
    </article>
    <p>
      <a href={tenantPath(tenant, "keys")}>I have copied it: back to the keys</a>
    </p>
  </Page>
);
