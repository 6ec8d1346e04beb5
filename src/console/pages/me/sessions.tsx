import type { Child } from "hono/jsx";
import type { z } from "zod";
import type { ListedSessionSchema } from "../../../management/session-shape.ts";
import { Form } from "../../view/form.tsx";
import { Badge, Time } from "../../view/parts.tsx";
import { Table } from "../../view/table.tsx";

export type ListedSession = z.infer<typeof ListedSessionSchema>;

const METHODS = { link: "Sign-in link", passkey: "Passkey", access: "Cloudflare Access" };

interface SessionTableProps {
  sessions: readonly ListedSession[];
  /** What can be done to one; absent: nothing. */
  act?: (session: ListedSession) => Child;
}

const HEADS = ["Browser", "Address", "Came in by", "Began (UTC)", "Last seen (UTC)", "Ends (UTC)"];

export const SessionTable = ({ sessions, act }: SessionTableProps) => (
  <Table heads={[...HEADS, ...(act ? ["End it"] : [])]}>
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
        {act && <td>{act(session)}</td>}
      </tr>
    ))}
  </Table>
);

interface SessionsProps {
  sessions: readonly ListedSession[];
  csrf: string;
}

/** Where somebody is signed in. The session of this page ends by signing out. */
export const Sessions = ({ sessions, csrf }: SessionsProps) => (
  <article id="sessions">
    <h2>Sessions</h2>
    <SessionTable sessions={sessions} act={(session) => <End of={session} csrf={csrf} />} />
  </article>
);

const End = ({ of, csrf }: { of: ListedSession; csrf: string }) =>
  of.current ? (
    <Badge tone="good">This one</Badge>
  ) : (
    <Form
      action={`/console/me/sessions/${of.id}/end`}
      csrf={csrf}
      confirm="End this session? Whoever uses it has to sign in again."
      class="inline"
    >
      <button class="danger small" aria-label={`End the session from ${of.ip}`}>
        End
      </button>
    </Form>
  );
