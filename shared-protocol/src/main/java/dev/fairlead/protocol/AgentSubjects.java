package dev.fairlead.protocol;

/** The subjects of the agent socket that mean the same to all. */
public final class AgentSubjects {
    /** The only one heard before registration. */
    public static final Subject REGISTER = new Subject("agent.register");
    /** Sent first by the gateway where a token in the upgrade registered the agent. */
    public static final Subject REGISTER_ACK = REGISTER.ack();

    public static final Subject HEARTBEAT = new Subject("agent.heartbeat");
    public static final Subject HEARTBEAT_ACK = HEARTBEAT.ack();
    /** Where an error goes that has no inbox to go to. */
    public static final Subject ERROR = new Subject("error");

    public static final Subject ECHO = new Subject("test.echo");

    public static final Subject MESSAGE_SEND = new Subject("message.send");
    public static final Subject MESSAGE_DELIVER = new Subject("message.deliver");
    public static final Subject MESSAGE_ACK = new Subject("message.ack");
    public static final Subject MESSAGE_FAIL = new Subject("message.fail");
    public static final Subject MESSAGE_EXTEND = new Subject("message.extend");

    public static final Subject TOKEN_STATE = new Subject("token.state");

    public static final Subject QUOTE_GET = new Subject("quote.get");
    public static final Subject QUOTE_SUBSCRIBE = new Subject("quote.subscribe");
    public static final Subject QUOTE_UNSUBSCRIBE = new Subject("quote.unsubscribe");
    public static final Subject QUOTE_UPDATE = new Subject("quote.update");

    public static final Subject ORDER_SUBMIT = new Subject("order.submit");
    public static final Subject ORDER_CANCEL = new Subject("order.cancel");
    public static final Subject ORDER_REPLACE = new Subject("order.replace");
    public static final Subject ORDER_UPDATE = new Subject("order.update");

    public static final Subject LOG_APPEND = new Subject("log.append");

    public static final Subject CHAT_TURN = new Subject("chat.turn");
    public static final Subject CHAT_ABORT = new Subject("chat.abort");
    public static final Subject CHAT_DECISION = new Subject("chat.decision");
    public static final Subject CHAT_EVENT = new Subject("chat.event");
    public static final Subject CHAT_DONE = new Subject("chat.done");
    public static final Subject CHAT_ERROR = new Subject("chat.error");

    private AgentSubjects() {}
}
