import { Field, Form } from "../../view/form.tsx";
import { Time } from "../../view/parts.tsx";
import type { Passkey } from "../me.tsx";

/** Passkeys, and a form for one more that `client/passkey.ts` brings to life: a browser without script has none. */
export const Passkeys = ({ passkeys, csrf }: { passkeys: readonly Passkey[]; csrf: string }) => (
  <article id="passkeys">
    <h2>Passkeys</h2>
    <p class="muted">They sign you in by this device or a security key, without a link.</p>
    {passkeys.length > 0 && (
      <div class="scroll" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Added (UTC)</th>
              <th scope="col">Last used (UTC)</th>
              <th scope="col">Delete</th>
            </tr>
          </thead>
          <tbody>
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
                  <Form
                    action={`/console/me/passkeys/${id}/delete`}
                    csrf={csrf}
                    confirm={`Delete the passkey ${name}? It will not sign you in any more.`}
                    class="inline"
                  >
                    <button class="danger small" aria-label={`Delete ${name}`}>
                      Delete
                    </button>
                  </Form>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
    <div class="filters">
      <Field name="passkey_name" label="Name of a new passkey" value="Passkey" />
      <button type="button" id="passkey-add" data-csrf={csrf} hidden>
        Add a passkey
      </button>
    </div>
    <p id="passkey-problem" class="wrong" role="alert"></p>
    <noscript>
      <p>Adding a passkey needs JavaScript.</p>
    </noscript>
  </article>
);
