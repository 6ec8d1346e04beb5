import type { Context } from "hono";
import type { ConsoleEnv } from "../../console-env.ts";
import { Act } from "../../view/act.tsx";
import { Field } from "../../view/form.tsx";
import { Notice } from "../../view/parts.tsx";
import { PasskeyTable, type Passkey } from "../person/passkey-table.tsx";

interface PasskeysProps {
  c: Context<ConsoleEnv>;
  passkeys: readonly Passkey[];
  /** Signed in a moment ago: only then does the API change passkeys. */
  fresh: boolean;
}

/** Passkeys, and a form for one more that `client/passkey.ts` brings to life: a browser without script has none. */
export const Passkeys = ({ c, passkeys, fresh }: PasskeysProps) => (
  <article id="passkeys">
    <h2>Passkeys</h2>
    <p class="muted">
      They sign you in by this device or a security key, without a link. One that you do not know is somebody else's:
      delete it, and sign out everywhere else.
    </p>
    <PasskeyTable passkeys={passkeys} {...(fresh && { act: (key: Passkey) => <Delete c={c} of={key} /> })} />
    {fresh ? <Add csrf={c.get("session").csrf} /> : <SignInAgain />}
  </article>
);

const Delete = ({ c, of: { id, name } }: { c: Context<ConsoleEnv>; of: Passkey }) => (
  <Act
    c={c}
    action={`/console/me/passkeys/${id}/delete`}
    does="Delete"
    to={name}
    confirm={`Delete the passkey ${name}? It will not sign you in any more.`}
  />
);

const Add = ({ csrf }: { csrf: string }) => (
  <>
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
  </>
);

const SignInAgain = () => (
  <Notice>
    <p>
      Passkeys are added and deleted within 10 minutes of signing in.{" "}
      <a href="/console/sign-in?next=%2Fconsole%2Fme">Sign in again</a> to change them.
    </p>
  </Notice>
);
