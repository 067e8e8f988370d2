package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.gateway.testing.GatewayProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The example for Kubernetes, taken at its word: its settings start a gateway that its probes find well. */
class KubernetesExampleIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String PASSWORD = "a password of some length";

    @TempDir
    Path home;

    @Test
    void a_gateway_with_its_settings_answers_its_probes_at_the_address_of_the_pod() throws Exception {
        JsonNode container = one("StatefulSet").at("/spec/template/spec/containers/0");
        Map<String, String> environment = new HashMap<>();
        for (JsonNode variable : container.path("env")) {
            environment.put(
                    variable.path("name").asText(),
                    variable.has("valueFrom")
                            ? PASSWORD
                            : variable.path("value").asText());
        }
        environment.put("FAIRLEAD_DATA_DIR", home.resolve("data").toString());
        environment.put("FAIRLEAD_HTTP_PORT", "0");
        String[] command = StreamSupport.stream(container.path("args").spliterator(), false)
                .map(JsonNode::asText)
                .toArray(String[]::new);
        try (GatewayProcess gateway = GatewayProcess.run(home, environment, command)) {
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                String path = container.at("/" + probe + "/httpGet/path").asText();
                URI asked = new URI("http", null, podAddress(), gateway.port(), path, null, null);
                Awaitility.await(probe).until(() -> status(asked) == 200);
            }
            gateway.terminate();
            assertThat(gateway.exitCode()).isZero();
        }
    }

    @Test
    void its_parts_mean_each_other() throws IOException {
        JsonNode set = one("StatefulSet").path("spec");
        JsonNode container = set.at("/template/spec/containers/0");
        JsonNode service = one("Service");
        JsonNode labels = set.at("/template/metadata/labels");
        assertThat(set.at("/selector/matchLabels")).isEqualTo(labels);
        assertThat(service.at("/spec/selector")).isEqualTo(labels);
        assertThat(set.path("serviceName")).isEqualTo(service.at("/metadata/name"));
        assertThat(service.at("/spec/ports/0/targetPort")).isEqualTo(container.at("/ports/0/name"));
        JsonNode backend = one("Ingress").at("/spec/rules/0/http/paths/0/backend/service");
        assertThat(backend.path("name")).isEqualTo(service.at("/metadata/name"));
        assertThat(backend.at("/port/name")).isEqualTo(service.at("/spec/ports/0/name"));
        assertThat(container.at("/volumeMounts/0/name")).isEqualTo(set.at("/volumeClaimTemplates/0/metadata/name"));
    }

    /**
     * As the kubelet asks for it: under no name, at an address of the machine, where it has another than loopback's.
     */
    private static String podAddress() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(InetAddress::isSiteLocalAddress)
                .map(InetAddress::getHostAddress)
                .filter(address -> !address.contains(":"))
                .findFirst()
                .orElse("127.0.0.1");
    }

    private static int status(URI asked) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(asked).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static JsonNode one(String kind) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Load load = new Load(LoadSettings.builder().build());
        List<JsonNode> found = StreamSupport.stream(
                        load.loadAllFromString(Files.readString(Path.of("dist", "kubernetes.yaml")))
                                .spliterator(),
                        false)
                .map(document -> json.<JsonNode>valueToTree(document))
                .filter(document -> document.path("kind").asText().equals(kind))
                .toList();
        assertThat(found).as(kind).hasSize(1);
        return found.get(0);
    }
}
