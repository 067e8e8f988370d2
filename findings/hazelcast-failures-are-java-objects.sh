#!/usr/bin/env bash
# Maven Central com.hazelcast:hazelcast 5.3.8, two members, a JavaSerializationFilterConfig that lets no class in, as whoever writes
# IdentifiedDataSerializable alone and wants no Java deserialization on the member port would set it.
#
# Expected: members that exchange nothing but IdentifiedDataSerializable need no class of Java serialization; where one is refused, the call
# fails with that refusal.
# Seen: members join, maps work, a task that returns works. A task that throws on the other member never ends for its caller: failures travel
# as Java-serialized exceptions, the response thread logs "While processing response" with a SecurityException and drops the answer. With
# com.hazelcast., java.lang. and java.util. let in, the same call fails at once with the exception that was thrown. A shutdown beside a member
# that has just left waits the same way.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.hazelcast</groupId><artifactId>hazelcast</artifactId><version>5.3.8</version></dependency>
  </dependencies>
</project>
XML
mvn -B -ntp -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$work/lib"
cat >Ask.java <<'JAVA'
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

public class Ask {
    public static class Task implements Callable<String>, IdentifiedDataSerializable {
        boolean fails;

        public String call() {
            if (fails) {
                throw new IllegalStateException("the task says no");
            }
            return "done";
        }

        public int getFactoryId() {
            return 1;
        }

        public int getClassId() {
            return 1;
        }

        public void writeData(ObjectDataOutput out) throws IOException {
            out.writeBoolean(fails);
        }

        public void readData(ObjectDataInput in) throws IOException {
            fails = in.readBoolean();
        }
    }

    static Config config(int port, String... prefixes) {
        Config config = new Config().setClusterName("finding-" + prefixes.length);
        config.setProperty("hazelcast.phone.home.enabled", "false").setProperty("hazelcast.logging.type", "jdk");
        config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:25701").addMember("127.0.0.1:25702");
        config.getSerializationConfig().addDataSerializableFactory(1, id -> new Task());
        config.getSerializationConfig().setJavaSerializationFilterConfig(new JavaSerializationFilterConfig()
                .setDefaultsDisabled(true)
                .setWhitelist(new ClassFilter().addClasses("none").addPrefixes(prefixes)));
        return config;
    }

    public static void main(String[] prefixes) throws Exception {
        HazelcastInstance first = Hazelcast.newHazelcastInstance(config(25701, prefixes));
        HazelcastInstance second = Hazelcast.newHazelcastInstance(config(25702, prefixes));
        System.out.println("members: " + first.getCluster().getMembers().size());
        for (boolean fails : new boolean[] {false, true}) {
            Task task = new Task();
            task.fails = fails;
            Future<String> answer =
                    first.getExecutorService("e").submitToMember(task, second.getCluster().getLocalMember());
            try {
                System.out.println("answer: " + answer.get(30, TimeUnit.SECONDS));
            } catch (ExecutionException e) {
                System.out.println("answer: " + e.getCause().getMessage());
            } catch (TimeoutException e) {
                System.out.println("answer: none within 30 s");
            }
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
JAVA
javac -cp "lib/*" Ask.java
java -cp "lib/*:." Ask 2>log | tee none
java -cp "lib/*:." Ask com.hazelcast. java.lang. java.util. '[Ljava.lang.StackTraceElement;' 2>/dev/null | tee some
echo "hazelcast 5.3.8: who lets no Java object in is not answered where a task fails"
diff none - <<<$'members: 2\nanswer: done\nanswer: none within 30 s'
grep -q 'While processing response' log
diff some - <<<$'members: 2\nanswer: done\nanswer: the task says no'
