package dev.fairlead.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertRuleTest {
    @Test
    void a_kind_alone_has_its_usual_value() {
        AlertRule rule = AlertRule.parse("agent_gone");

        assertThat(rule.id()).isEqualTo("agent_gone");
        assertThat(rule.time()).isEqualTo(Duration.ofMinutes(5));
        assertThat(rule.isAbout("scout")).isTrue();
    }

    @Test
    void a_rule_may_be_about_one_name() {
        AlertRule rule = AlertRule.parse("instance_flapping@web=4/90s");

        assertThat(rule.id()).isEqualTo("instance_flapping@web");
        assertThat(rule.number()).isEqualTo(4);
        assertThat(rule.time()).isEqualTo(Duration.ofSeconds(90));
        assertThat(rule.isAbout("scout")).isFalse();
    }

    @Test
    void two_expressions_are_two_rules() {
        AlertRule fatal = AlertRule.parse("log_line=FATAL");

        assertThat(fatal.pattern()).contains("FATAL");
        assertThat(fatal.id())
                .startsWith("log_line-")
                .isNotEqualTo(AlertRule.parse("log_line=PANIC").id());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    nonsense              | one of the kinds
                    agent_gone=soon       | a duration
                    agent_gone@NO         | kind=value
                    disk_full=100%        | as a share
                    disk_full=0%          | as a share
                    disk_full@web=90%     | without a name
                    instance_flapping=0/5m| as often in a time
                    log_line              | regular expression
                    log_line=(            | RE2 syntax
                    """)
    void what_is_no_rule_is_told_what_would_be_one(String text, String words) {
        assertThatThrownBy(() -> AlertRule.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    @Test
    void a_setting_takes_no_rule_twice() {
        assertThatThrownBy(() -> Settings.of("alerts.rules=agent_gone=5m,agent_gone=1h"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("alerts.rules");
    }

    @Test
    void a_password_does_not_go_out_unencrypted() {
        assertThatThrownBy(() -> Settings.of(
                        "alerts.smtp_host=mail.example.org",
                        "alerts.smtp_tls=none",
                        "alerts.smtp_user=u",
                        "alerts.smtp_password=p",
                        "alerts.mail_from=a@example.org",
                        "alerts.mail_to=b@example.org"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("unencrypted");
    }
}
