import { Badge } from "./parts.tsx";

const SHOWN: Readonly<Record<string, { text: string; tone: "good" | "bad" | "warn" | "plain" }>> = {
  admitted: { text: "Running", tone: "warn" },
  created: { text: "Waiting", tone: "warn" },
  processing: { text: "Running", tone: "warn" },
  unknown: { text: "Unclear", tone: "warn" },
  needs_operator: { text: "Needs an operator", tone: "bad" },
  completed: { text: "Completed", tone: "good" },
  failed: { text: "Failed", tone: "bad" },
  timeout: { text: "Expired", tone: "bad" },
  expired: { text: "Expired", tone: "bad" },
  cancelled: { text: "Cancelled", tone: "plain" },
  deleted: { text: "Deleted", tone: "plain" },
};

/** A job's status in words, be it the report's or the tenant API's. */
export const JobStatus = ({ status }: { status: string }) => {
  const { text, tone } = SHOWN[status] ?? { text: status, tone: "plain" };
  return <Badge tone={tone}>{text}</Badge>;
};
