package dev.fairlead.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A settings file of any content gives settings or problems that name it. */
class SettingsFuzzTest {
    @FuzzTest(maxDuration = "6s")
    void files(byte[] bytes) {
        List<String> problems = new ArrayList<>();
        YamlSource.parse(new String(bytes, StandardCharsets.UTF_8), "fuzz.yaml", problems);
        assertThat(problems).allSatisfy(problem -> assertThat(problem).contains("fuzz.yaml"));
    }
}
