-- Instances: what each is to be, where it is in its life, and which process is its own.
-- spawn_id is written before a process is started, pid, start_ticks and boot_id after: a spawn without a pid is one
-- the gateway died in the middle of.
CREATE TABLE instances (
    name         VARCHAR(63) PRIMARY KEY,
    node         VARCHAR(255) NOT NULL,
    command      VARCHAR(1000000) NOT NULL, -- a JSON list of strings
    cwd          VARCHAR(4096),             -- NULL: a folder of its own in the data folder
    env          VARCHAR(1000000) NOT NULL, -- a JSON object of strings
    port         INTEGER NOT NULL,
    restart      VARCHAR(16) NOT NULL,
    health       VARCHAR(2000),             -- a JSON object
    autostart    BOOLEAN NOT NULL,
    status       VARCHAR(16) NOT NULL,
    then_start   BOOLEAN NOT NULL,          -- a restart: to be started once it has stopped
    restarts     INTEGER NOT NULL,
    exit_code    INTEGER,
    reason       VARCHAR(4000),
    created_at   TIMESTAMP WITH TIME ZONE NOT NULL,
    started_at   TIMESTAMP WITH TIME ZONE,
    archived_at  TIMESTAMP WITH TIME ZONE,
    spawn_id     VARCHAR(64),
    pid          BIGINT,
    start_ticks  BIGINT,                    -- clock ticks since the boot
    boot_id      VARCHAR(64)
);

CREATE INDEX instances_node ON instances (node);
