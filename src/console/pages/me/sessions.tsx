import { Form } from "../../view/form.tsx";
import { Badge, Time } from "../../view/parts.tsx";
import type { ListedSession } from "../me.tsx";

const METHODS = { link: "Sign-in link", passkey: "Passkey", access: "Cloudflare Access" };

/** Where somebody is signed in. The session of this page ends by signing out. */
export const Sessions = ({ sessions, csrf }: { sessions: readonly ListedSession[]; csrf: string }) => (
  <article id="sessions">
    <h2>Sessions</h2>
    <div class="scroll" tabindex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Browser</th>
            <th scope="col">Address</th>
            <th scope="col">Came in by</th>
            <th scope="col">Began (UTC)</th>
            <th scope="col">Last seen (UTC)</th>
            <th scope="col">Ends (UTC)</th>
            <th scope="col">End it</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr>
              <th scope="row" class="wraps">
                <small>{session.user_agent || "Unknown"}</small>
              </th>
              <td class="nowrap">{session.ip || "–"}</td>
              <td class="nowrap">{METHODS[session.method]}</td>
              <td>
                <Time at={session.created_at} />
              </td>
              <td>
                <Time at={session.seen_at} />
              </td>
              <td>
                <Time at={session.expires_at} />
              </td>
              <td>
                {session.current ? (
                  <Badge tone="good">This one</Badge>
                ) : (
                  <Form
                    action={`/console/me/sessions/${session.id}/end`}
                    csrf={csrf}
                    confirm="End this session? Whoever uses it has to sign in again."
                    class="inline"
                  >
                    <button class="danger small" aria-label={`End the session from ${session.ip}`}>
                      End
                    </button>
                  </Form>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </article>
);
