-- What language models cost on a day (UTC), for each bound there is: a session, an agent, the gateway. Room that a call
-- has taken is in it from before the call.
CREATE TABLE llm_spent (
    spent_on  VARCHAR(10) NOT NULL,
    scope     VARCHAR(16) NOT NULL,
    name      VARCHAR(255) NOT NULL,
    tokens    BIGINT NOT NULL,
    usd_nanos BIGINT NOT NULL,
    PRIMARY KEY (spent_on, scope, name)
);
