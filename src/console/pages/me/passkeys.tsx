import type { Context } from "hono";
import type { ConsoleEnv } from "../../console-env.ts";
import { Act } from "../../view/act.tsx";
import { Field } from "../../view/form.tsx";
import { Time } from "../../view/parts.tsx";
import { Table } from "../../view/table.tsx";
import type { Passkey } from "../me.tsx";

/** Passkeys, and a form for one more that `client/passkey.ts` brings to life: a browser without script has none. */
export const Passkeys = ({ c, passkeys }: { c: Context<ConsoleEnv>; passkeys: readonly Passkey[] }) => (
  <article id="passkeys">
    <h2>Passkeys</h2>
    <p class="muted">They sign you in by this device or a security key, without a link.</p>
    {passkeys.length > 0 && (
      <Table heads={["Name", "Added (UTC)", "Last used (UTC)", "Delete"]}>
        {passkeys.map(({ id, name, created_at, last_used_at }) => (
          <tr>
            <th scope="row">{name}</th>
            <td>
              <Time at={created_at} />
            </td>
            <td>
              <Time at={last_used_at} />
            </td>
            <td>
              <Act
                c={c}
                action={`/console/me/passkeys/${id}/delete`}
                does="Delete"
                to={name}
                confirm={`Delete the passkey ${name}? It will not sign you in any more.`}
              />
            </td>
          </tr>
        ))}
      </Table>
    )}
    <div class="filters">
      <Field name="passkey_name" label="Name of a new passkey" value="Passkey" />
      <button type="button" id="passkey-add" data-csrf={c.get("session").csrf} hidden>
        Add a passkey
      </button>
    </div>
    <p id="passkey-problem" class="wrong" role="alert"></p>
    <noscript>
      <p>Adding a passkey needs JavaScript.</p>
    </noscript>
  </article>
);
