import type { AgentSummary, InstanceSummary, MessageEventKind, TokenReport } from "wire";

/** The answers of REST that are no frames of a stream; see /api/openapi.json. */

export interface Instances {
  instances: InstanceSummary[];
}

/** What became of one of many. */
export interface ActedOn {
  name: string;
  outcome: "done" | "unchanged" | "refused";
  error?: string;
  message?: string;
}

export interface ActedOnMany {
  results: ActedOn[];
}

export interface HealthProbe {
  type: "tcp" | "http";
  path?: string;
  timeout_ms?: number;
}

export interface Dependency {
  name: string;
  condition: "started" | "healthy" | "completed";
}

export interface ReadyWhen {
  log?: string;
  port?: number;
  http?: string;
}

export interface Schedule {
  cron?: string;
  zone?: string;
  at?: string;
}

export interface InstanceDetails extends InstanceSummary {
  command: string[];
  cwd: string;
  env_names: string[];
  restart: "never" | "on-failure" | "always";
  health_check?: HealthProbe;
  autostart: boolean;
  user?: string;
  memory_max?: string;
  cpu_max?: number;
  limits_not_kept?: string;
  acp_allow?: ("fs" | "terminal")[];
  log: "file" | "pipe";
  depends_on: Dependency[];
  ready_when?: ReadyWhen;
  schedule?: Schedule;
  next_run?: string;
}

export interface Agents {
  agents: AgentSummary[];
}

export interface MessageSummary {
  message_id: string;
  sequence: number;
  from: string;
  to: string;
  type: string;
  correlation_id?: string;
  status: MessageEventKind;
  attempt: number;
  requires?: string;
  payload_bytes: number;
  accepted_at: string;
  expires_at: string;
  due_at?: string;
  settled_at?: string;
}

export interface Attempt {
  attempt: number;
  delivered_at: string;
  ended_at?: string;
  outcome?: MessageEventKind;
  detail?: string;
}

export interface MessageWhole extends MessageSummary {
  payload: unknown;
  attempts: Attempt[];
}

export interface Messages {
  messages: MessageSummary[];
  cursor?: string;
}

export interface AuditEntry {
  at: string;
  actor: string;
  action: string;
  target: string;
  address: string;
  outcome: string;
  detail: string;
  /** How many it stands for, which were alike. */
  count: number;
  first_at: string;
}

export interface AuditPage {
  entries: AuditEntry[];
  cursor?: string;
}

/** One thing that became of an instance. */
export interface InstanceHistoryEntry {
  at: string;
  kind: string;
  reason?: string;
  exit_code?: number;
  pid?: number;
  restarts: number;
  actor?: string;
  last_lines: string[];
}

export interface InstanceHistory {
  events: InstanceHistoryEntry[];
  cursor?: string;
}

/** What a process tree used at one moment. */
export interface UsageSample {
  at: string;
  /** Of one core; missing in the first sample of a process. */
  cpu_percent?: number;
  memory_bytes: number;
  open_files?: number;
  threads: number;
  processes: number;
  log_bytes: number;
}

/** From a delivery to its acknowledgement, in the last minute. */
export interface AckLatency {
  count: number;
  p50_ms: number;
  p99_ms: number;
}

export interface InstanceUsage {
  supported: boolean;
  reason?: string;
  resolution_seconds: number;
  samples: UsageSample[];
}

export interface FleetUsage {
  supported: boolean;
  gateway: { cpu_percent?: number; heap_bytes: number; heap_max_bytes: number; threads: number };
  instances: Record<string, UsageSample>;
  /** Of a range, in 30 steps. */
  trends?: Record<string, { cpu_percent: number[]; memory_bytes: number[] }>;
}

export interface AlertRule {
  id: string;
  rule: string;
  kind: string;
  severity: "warning" | "critical";
  source: "settings" | "added";
  silenced_until?: string;
}

export interface Alert {
  id: string;
  rule: string;
  kind: string;
  severity: "warning" | "critical";
  subject: string;
  summary: string;
  state: "firing" | "resolved";
  started_at: string;
  resolved_at?: string;
  count: number;
  silenced_until?: string;
}

export interface Alerts {
  rules: AlertRule[];
  /** What fires first, then what is over. */
  alerts: Alert[];
  receivers: {
    name: string;
    state: "ok" | "retrying";
    waiting: number;
    last_sent_at?: string;
    last_error?: string;
  }[];
}

export interface AlertsTested {
  results: { receiver: string; ok: boolean; error?: string }[];
}

export interface LogPage {
  lines: string[];
  /** When each was written; `null` where nobody was there to see. */
  times: (string | null)[];
  count: number;
  cursor: string;
  end: string;
  /** What begins with its first line: the log, or what is kept of it; missing where older lines are kept. */
  begins?: "log" | "kept";
  /** Whether lines follow, where it was read onwards. */
  more?: boolean;
}

export interface Check {
  status: "ok" | "degraded" | "failed";
  detail: string;
}

/** A gateway that is alone is the one node, and owns everything. */
export interface Cluster {
  alone: boolean;
  nodes: ClusterNode[];
  /** Leases that nobody holds at the moment. */
  unowned: string[];
  refused: { node: string; why: string; at: string }[];
}

export interface ClusterNode {
  name: string;
  self: boolean;
  alive: boolean;
  version: string;
  address?: string;
  since: string;
  lease_until?: string;
  leases: string[];
}

export interface Health {
  status: "ok" | "degraded" | "failed" | "shutting_down";
  version: string;
  uptime_seconds: number;
  node: string;
  checks: Record<string, Check>;
}

/** Something that waits, or waited, for a person. */
export interface Approval {
  id: string;
  kind: "tool" | "order" | "acp" | "mcp";
  subject: string;
  /** All there is to decide on: the arguments of a call as JSON, or words. */
  detail: string;
  status: "waiting" | "approved" | "denied" | "expired";
  created_at: string;
  expires_at: string;
  session_id?: string;
}

export interface Approvals {
  approvals: Approval[];
}

/** A key of a face; its text is told once, when it is made. */
export interface FaceKey {
  id: string;
  kind: "mcp" | "openai" | "metrics";
  name: string;
  scopes: string[];
  created_at: string;
  last_used_at?: string;
}

export interface FaceKeys {
  tokens: FaceKey[];
}

export interface Granted {
  expires_at: string;
  session_key: string;
}

/** A browser that is logged in. */
export interface BrowserLogin {
  id: string;
  address: string;
  client: string;
  created_at: string;
  last_used_at: string;
  expires_at: string;
  current: boolean;
}

export interface Logins {
  logins: BrowserLogin[];
}

export interface Session {
  /** `none`: a login is needed. */
  proof: "none" | "loopback" | "password" | "token" | "session";
  expires_at: string | null;
  /** How a shell of the gateway's machine calls it; for the operator alone. */
  shell?: { program: string[]; url: string; data_dir?: string };
}

export type Token = TokenReport;

export type ChatState = "idle" | "running" | "error";

export interface ChatSession {
  session_id: string;
  name?: string;
  agent: string;
  state: ChatState;
  /** Of the turn that runs. */
  turn_id?: string;
  reason?: string;
  message_count: number;
  created_at: string;
  updated_at: string;
}

export interface ChatSessions {
  sessions: ChatSession[];
  cursor?: string;
}

export type ToolStatus = "pending" | "running" | "ok" | "failed" | "denied" | "expired" | "unknown";

export interface ChatMessage {
  position: number;
  turn_id: string;
  role: "user" | "assistant" | "tool_call" | "tool_result" | "error";
  content: string;
  tool_call_id?: string;
  tool_name?: string;
  args?: unknown;
  /** Of a call a `ToolStatus`, of an answer how it ended, of an error its code. */
  status?: string;
  expires_at?: string;
  created_at: string;
}

export interface ChatMessages {
  session: ChatSession;
  messages: ChatMessage[];
  /** The answer of the turn that runs, so far. */
  partial?: string;
  cursor?: string;
}
