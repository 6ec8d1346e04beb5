import { Field, Form } from "../../view/form.tsx";
import { Notice } from "../../view/parts.tsx";
import { PasskeyTable, type Passkey } from "../person/passkey-table.tsx";

interface PasskeysProps {
  passkeys: readonly Passkey[];
  csrf: string;
  /** Signed in a moment ago: only then does the API change passkeys. */
  fresh: boolean;
}

/** Passkeys, and a form for one more that `client/passkey.ts` brings to life: a browser without script has none. */
export const Passkeys = ({ passkeys, csrf, fresh }: PasskeysProps) => (
  <article id="passkeys">
    <h2>Passkeys</h2>
    <p class="muted">
      They sign you in by this device or a security key, without a link. One that you do not know is somebody else's:
      delete it, and sign out everywhere else.
    </p>
    <PasskeyTable passkeys={passkeys} {...(fresh && { act: (key: Passkey) => <Delete of={key} csrf={csrf} /> })} />
    {fresh ? <Add csrf={csrf} /> : <SignInAgain />}
  </article>
);

const Delete = ({ of, csrf }: { of: Passkey; csrf: string }) => (
  <Form
    action={`/console/me/passkeys/${of.id}/delete`}
    csrf={csrf}
    confirm={`Delete the passkey ${of.name}? It will not sign you in any more.`}
    class="inline"
  >
    <button class="danger small" aria-label={`Delete ${of.name}`}>
      Delete
    </button>
  </Form>
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
