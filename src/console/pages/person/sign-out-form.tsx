import { Form } from "../../view/form.tsx";

interface SignOutFormProps {
  action: string;
  csrf: string;
  /** Of whom; null: of the reader. */
  name: string | null;
  /** Whether passkeys may go, too. */
  passkeys: boolean;
}

/** Ends everything by which somebody is in, and with the box what lets them in again. */
export const SignOutForm = ({ action, csrf, name, passkeys }: SignOutFormProps) => {
  const whom = name ?? "you";
  return (
    <Form
      action={action}
      csrf={csrf}
      confirm={name === null ? "Sign out everywhere but here?" : `Sign ${name} out everywhere?`}
    >
      <p class="muted">
        {name === null
          ? "All your sessions but this one end, and open sign-in links."
          : `All sessions of ${name} end at once, and open sign-in links.`}
      </p>
      {passkeys && (
        <label>
          <input type="checkbox" name="passkeys" value="yes" /> Delete the passkeys, too: do it where one may be
          somebody else's. A link lets {whom} in again.
        </label>
      )}
      <button class="danger">{name === null ? "Sign out everywhere else" : "Sign out everywhere"}</button>
    </Form>
  );
};

/** What the form asks of the API. */
export const signOutQuery = (values: Record<string, string>): string =>
  `?passkeys=${values["passkeys"] === "yes" ? "true" : "false"}`;
