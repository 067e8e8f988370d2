import type { AgentSummary, InstanceSummary, MessageEventKind, TokenReport } from "wire";

/** The answers of REST that are no frames of a stream; see /api/openapi.json. */

export interface Instances {
  instances: InstanceSummary[];
}

export interface HealthProbe {
  type: "tcp" | "http";
  path?: string;
  timeout_ms?: number;
}

export interface InstanceDetails extends InstanceSummary {
  command: string[];
  cwd: string;
  env_names: string[];
  restart: "never" | "on-failure" | "always";
  health_check?: HealthProbe;
  autostart: boolean;
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
}

export interface AuditPage {
  entries: AuditEntry[];
  cursor?: string;
}

export interface LogPage {
  lines: string[];
  count: number;
  cursor: string;
}

export interface Check {
  status: "ok" | "failed";
  detail: string;
}

export interface Health {
  status: "ok" | "failed" | "shutting_down";
  version: string;
  uptime_seconds: number;
  node: string;
  checks: Record<string, Check>;
}

export interface Session {
  proof: "loopback" | "password" | "token" | "session";
  expires_at: string | null;
}

export type Token = TokenReport;
