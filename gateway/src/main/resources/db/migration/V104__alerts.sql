-- What operators are told of: each occurrence once, so that a gateway that starts anew neither repeats nor forgets one.
CREATE TABLE alerts (
    alert_id    VARCHAR(36) PRIMARY KEY,
    rule_id     VARCHAR(255) NOT NULL,
    kind        VARCHAR(32) NOT NULL,
    subject     VARCHAR(255) NOT NULL,
    summary     VARCHAR(500) NOT NULL,
    started_at  TIMESTAMP WITH TIME ZONE NOT NULL,
    resolved_at TIMESTAMP WITH TIME ZONE,
    occurred    BIGINT NOT NULL,
    told        BOOLEAN NOT NULL
);

CREATE INDEX alerts_resolved ON alerts (resolved_at);

-- What a receiver has not taken yet.
CREATE TABLE alert_notices (
    alert_id VARCHAR(36) NOT NULL,
    receiver VARCHAR(16) NOT NULL,
    status   VARCHAR(16) NOT NULL,
    PRIMARY KEY (alert_id, receiver)
);

-- Rules that were added to those of the settings.
CREATE TABLE alert_rules (
    rule_id VARCHAR(255) PRIMARY KEY,
    written VARCHAR(255) NOT NULL
);

-- Until when nobody is told: of a rule, or of one subject under it.
CREATE TABLE alert_silences (
    target       VARCHAR(520) PRIMARY KEY,
    silent_until TIMESTAMP WITH TIME ZONE NOT NULL
);
