import type { Child } from "hono/jsx";
import type { z } from "@hono/zod-openapi";
import type { PasskeySchema } from "../../../management/passkey-shape.ts";
import { Empty, Time } from "../../view/parts.tsx";
import { Table } from "../../view/table.tsx";

export type Passkey = z.infer<typeof PasskeySchema>;

interface PasskeyTableProps {
  passkeys: readonly Passkey[];
  /** What can be done to one; absent: nothing. */
  act?: (key: Passkey) => Child;
}

/** When and from where each passkey was registered: one that its person does not know is somebody else's. */
export const PasskeyTable = ({ passkeys, act }: PasskeyTableProps) =>
  passkeys.length === 0 ? (
    <Empty title="No passkey" />
  ) : (
    <Table heads={["Name", "Added (UTC)", "From", "Last used (UTC)", ...(act ? ["Delete"] : [])]}>
      {passkeys.map((key) => (
        <tr>
          <th scope="row">{key.name}</th>
          <td>
            <Time at={key.created_at} />
          </td>
          <td class="wraps">
            {key.ip === "" ? <span class="muted">not known</span> : key.ip}
            <br />
            <small>{key.user_agent}</small>
          </td>
          <td>
            <Time at={key.last_used_at} />
          </td>
          {act && <td>{act(key)}</td>}
        </tr>
      ))}
    </Table>
  );
