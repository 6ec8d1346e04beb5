import type { Context } from "hono";
import type { Problem } from "../../api.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { tenantPath } from "../../navigation.ts";
import { Field, Form } from "../../view/form.tsx";

interface SecretProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  problem: Problem | null;
}

/** One secret signs all that a tenant is told. It is read with the tenant's own key, and never shown here. */
export const SigningSecret = ({ c, tenant, problem }: SecretProps) => (
  <article>
    <h2>Signing secret</h2>
    <p class="muted">
      Every delivery is signed with it, so that your server can tell ours from anybody else's. Programs read it with a
      key of the tenant: <code>GET /api/v3/webhook/secret</code>.
    </p>
    <Form
      action={`${tenantPath(tenant, "webhooks")}/secret`}
      csrf={c.get("session").csrf}
      confirm="Give the tenant a new webhook secret? Servers must read it before the old one ends."
    >
      <div class="fields">
        <Field
          name="overlap_seconds"
          label="The old secret signs on beside it for"
          value="86400"
          options={OVERLAPS}
          problem={problem}
          hint="Standard Webhooks only: WaveSpeed's header has room for one signature."
        />
      </div>
      <button class="quiet">Rotate the secret</button>
    </Form>
  </article>
);

const OVERLAPS = [
  { value: "86400", label: "A day" },
  { value: "604800", label: "A week" },
  { value: "3600", label: "An hour" },
  { value: "0", label: "No time: it ends now" },
];
